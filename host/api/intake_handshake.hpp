// SPDX-License-Identifier: Apache-2.0
// What senders ask before their first event: do you want these? Answered by the host, since the answer has a body or
// headers of its own.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "net/server.hpp"

namespace headwind::api {

// Endpoints whose senders may ask by OPTIONS: CloudEvents, and Azure's Event Grid where it speaks them.
bool takes_cloud_events(std::string_view endpoint);

// OPTIONS of the CloudEvents web hook specification: the origin that asks may send, at any rate. 400 without one.
net::ServerResponse answer_webhook_options(const net::Headers& headers);

// Event Grid's own handshake: a list with one SubscriptionValidationEvent, whose code goes back as
// {"validationResponse": code}. Nothing where the call is something else.
std::optional<net::ServerResponse> answer_event_grid(std::string_view endpoint, const net::Headers& headers,
                                                     std::string_view body);

}  // namespace headwind::api
