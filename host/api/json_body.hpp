// SPDX-License-Identifier: Apache-2.0
// The rules that 0.1.x has for every JSON body: 415 without a JSON content type, 400 for broken JSON, 422 for JSON of
// another shape. On the webhook port each is a sentence in plain text, on the API port a problem document.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/server.hpp"
#include "update/request.hpp"

namespace headwind::api {

// Of UTF-8 text: what a length in the OpenAPI document counts.
std::size_t characters(std::string_view text);

// application/json or application/<anything>+json, with or without parameters.
bool is_json_content_type(std::string_view value);

// 415 or 400 in plain text; nothing where the body is JSON and says so. Builds no document.
std::optional<net::ServerResponse> refuse_unless_json(const net::Headers& headers, std::string_view body);

// The same as a problem document.
std::optional<net::ServerResponse> problem_unless_json(const net::Headers& headers, std::string_view body);

// What a person may say with an order. Unknown members are ignored, unless their names are nearly one of these; null is
// the same as absent.
struct OrderBody {
  std::optional<std::string> approver, reason;  // approve, reject, release
  std::optional<std::string> comment, digest;   // approve
  std::optional<std::string> container, user;   // rollback
  std::optional<std::uint32_t> index;           //
};
inline constexpr std::size_t kLongestName = 1024;    // characters of approver, user and container
inline constexpr std::size_t kLongestReason = 4096;  // characters of reason and comment

enum class OrderKind : std::uint8_t { approval, rollback };
enum class BodyNeed : std::uint8_t { required, optional };  // optional: an empty body is an empty order

// The order in the request's body, or the answer that refuses it.
struct OrderOutcome {
  OrderBody order;
  std::optional<net::ServerResponse> refusal;
};
OrderOutcome read_order(const net::ServerRequest& request, OrderKind kind, BodyNeed need);

// An order about many: {"updates":[{"namespace":...,"name":...},...]} beside what an approval says.
struct BulkOutcome {
  std::vector<update::RequestKey> updates;
  OrderBody order;
  std::optional<net::ServerResponse> refusal;
};
inline constexpr std::size_t kMostUpdates = 200;
BulkOutcome read_bulk_order(const net::ServerRequest& request);

}  // namespace headwind::api
