// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

// Seconds, as a number or as text (older bodies hold 1.417566161e+09), or a date.
std::int64_t pushed_at(const Value& value) {
  double seconds = 0;
  std::string_view text;
  if (!value.get(text)) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return parse_time(text).value_or(0);
  } else if (value.get(seconds)) {
    return 0;
  }
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e14) return 0;
  const bool already_ms = seconds > 1e11;  // year 5138 in seconds, 1973 in milliseconds
  return static_cast<std::int64_t>(already_ms ? seconds : seconds * 1000);
}

std::string name_of(const Value& repository) {
  if (auto name = text_of(repository["repo_name"]); !name.empty()) return name;
  const auto name = text_of(repository["name"]);
  const auto space = text_of(repository["namespace"]);
  return space.empty() || name.empty() ? name : space + "/" + name;
}

Outcome<std::vector<Push>> read_hub(const Value& root) {
  const Value data = root["push_data"];
  const std::string tag = text_of(data["tag"]);
  if (!is_valid_tag(tag)) return unreadable("the webhook's push_data.tag is missing or not a valid tag");
  const std::string name = name_of(root["repository"]);
  const auto repository = parse_repository(name);
  if (!repository)
    return unreadable("the webhook needs a valid repository.repo_name, or repository.namespace and repository.name");

  Push push;
  push.repository = repository->text();
  push.tag = tag;
  push.pushed_ms = pushed_at(data["pushed_at"]);
  return std::vector<Push>{std::move(push)};
}

}  // namespace

Pushes read_docker_hub(const Notice& notice) {
  if (notice.head.for_any() && !has(notice.root, "push_data")) return std::nullopt;
  return read_hub(notice.root);
}

Outcome<std::vector<Push>> parse_docker_hub(std::string_view body) {
  simdjson::dom::parser parser;
  const auto read = read_webhook(parser, body);
  if (!read) return read.failure();
  return read_hub(Value(simdjson::dom::element{*read}));
}

}  // namespace headwind::registries
