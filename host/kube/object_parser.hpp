// SPDX-License-Identifier: Apache-2.0
// For what reads a few fields of one object's text: the room's own, not for others (simdjson stays behind it).
#pragma once
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "kube/facts.hpp"

namespace headwind::kube {

// The object's root; nothing where `json` is not JSON. It lives until the next call on this thread: its buffers are
// kept from one object to the next, because making them costs more than reading an object of usual size. Not for
// Secrets.
std::optional<simdjson::dom::element> parse_object(std::string_view json);

// What facts.hpp says, of an object that is parsed already.
std::string owner_in(simdjson::dom::element root);
PullReferences pull_references_in(simdjson::dom::element root);
std::string written_metadata(simdjson::dom::element root, Metadata wanted);

}  // namespace headwind::kube
