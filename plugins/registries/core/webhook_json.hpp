// SPDX-License-Identifier: Apache-2.0
// Lenient reading of a webhook's body: what is absent or of another type is empty. simdjson, because webhooks come in
// thousands a second; what a registry answers to us is read with json_text.hpp.
#pragma once
#include <simdjson.h>

#include <string>
#include <string_view>

#include "registries/core/outcome.hpp"

namespace headwind::registries {

inline constexpr std::size_t max_webhook_body = 2 * 1024 * 1024;
inline constexpr std::size_t max_webhook_events = 1000;  // in one body

// The body, an object, or a list where its sender may send several events at once. `parser` owns what it refers to.
// Nested at most 64 deep, numbers of at most 64 bits.
enum class Batch : bool { refused, allowed };
inline Outcome<simdjson::dom::element> read_webhook(simdjson::dom::parser& parser, std::string_view body,
                                                    Batch batch = Batch::refused) {
  constexpr std::size_t max_depth = 64;
  if (body.size() > max_webhook_body) return Failure{HW_INVALID, "the webhook's body is longer than 2 MiB", 0};
  simdjson::dom::element root;
  auto problem = parser.allocate(body.size(), max_depth);
  if (!problem) problem = parser.parse(body.data(), body.size()).get(root);
  if (problem)
    return Failure{HW_INVALID,
                   std::string("the webhook's body is not JSON that can be read: ") + simdjson::error_message(problem),
                   0};
  if (!root.is_object() && !(batch == Batch::allowed && root.is_array()))
    return Failure{HW_INVALID, "the webhook's body must be a JSON object", 0};
  return root;
}

// `value[key]` of what is no object, or lacks the key, is an error that reads as empty here.
inline std::string text_of(simdjson::simdjson_result<simdjson::dom::element> value) {
  std::string_view text;
  return value.get(text) ? std::string() : std::string(text);
}

}  // namespace headwind::registries
