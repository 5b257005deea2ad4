// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/answers.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace headwind::notifiers {
namespace {

using nlohmann::json;

json read(std::string_view body) {
  constexpr std::size_t longest = 64U << 10U;
  return body.size() > longest ? json() : json::parse(body, nullptr, false);
}

const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::chrono::milliseconds wanted_pause(std::string_view body) {
  const json answer = read(body);
  if (!answer.is_object()) return {};
  const json* parameters = member(answer, "parameters");
  const json* pause = member(parameters != nullptr && parameters->is_object() ? *parameters : answer, "retry_after");
  if (pause == nullptr || !pause->is_number()) return {};
  const double seconds = pause->get<double>();
  if (!(seconds > 0)) return {};
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(std::min(seconds, 86400.0) * 1000)));
}

std::int64_t moved_chat(std::string_view body) {
  const json answer = read(body);
  if (!answer.is_object()) return 0;
  const json* parameters = member(answer, "parameters");
  if (parameters == nullptr || !parameters->is_object()) return 0;
  const json* chat = member(*parameters, "migrate_to_chat_id");
  return chat != nullptr && chat->is_number_integer() ? chat->get<std::int64_t>() : 0;
}

}  // namespace headwind::notifiers
