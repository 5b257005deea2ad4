// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>

#include "registries/core/json_text.hpp"
#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"

namespace headwind::registries {
namespace {

using nlohmann::json;

// Seconds, as a number or as text (older bodies hold 1.417566161e+09), or a date.
std::int64_t pushed_at(const json& push_data) {
  const auto it = push_data.find("pushed_at");
  if (it == push_data.end()) return 0;
  double seconds = 0;
  if (it->is_number()) {
    seconds = it->get<double>();
  } else if (it->is_string()) {
    const auto text = it->get<std::string>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return parse_time(text).value_or(0);
  }
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e14) return 0;
  const bool already_ms = seconds > 1e11;  // year 5138 in seconds, 1973 in milliseconds
  return static_cast<std::int64_t>(already_ms ? seconds : seconds * 1000);
}

std::string name_of(const json& repository) {
  if (auto name = text_at(repository, "repo_name"); !name.empty()) return name;
  const auto name = text_at(repository, "name");
  const auto space = text_at(repository, "namespace");
  return space.empty() || name.empty() ? name : space + "/" + name;
}

}  // namespace

Outcome<std::vector<Push>> parse_docker_hub(std::string_view body) {
  const auto invalid = [](const char* sentence) { return Failure{HW_INVALID, sentence, 0}; };
  if (body.size() > max_webhook_body) return invalid("the webhook's body is longer than 2 MiB");
  const json root = parse_json(body);
  if (!root.is_object()) return invalid("the webhook's body must be a JSON object");
  const json& data = object_at(root, "push_data");
  const std::string tag = text_at(data, "tag");
  if (!is_valid_tag(tag)) return invalid("the webhook's push_data.tag is missing or not a valid tag");
  const std::string name = name_of(object_at(root, "repository"));
  const auto repository = parse_repository(name);
  if (!repository)
    return invalid("the webhook needs a valid repository.repo_name, or repository.namespace and repository.name");

  Push push;
  push.repository = repository->text();
  push.tag = tag;
  push.pushed_ms = pushed_at(data);
  return std::vector<Push>{std::move(push)};
}

}  // namespace headwind::registries
