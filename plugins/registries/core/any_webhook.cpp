// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "registries/core/sender.hpp"

namespace headwind::registries {

void add_push(std::vector<Push>& pushes, const std::optional<Repository>& repository, const std::string& tag,
              const std::string& digest, const std::string& event_id, std::int64_t pushed_ms) {
  constexpr std::size_t most = 1000;
  if (!repository || !is_valid_tag(tag) || pushes.size() >= most) return;
  Push push;
  push.repository = repository->text();
  push.tag = tag;
  if (is_valid_digest(digest)) push.digest = digest;
  push.event_id = event_id.substr(0, 255);
  push.pushed_ms = pushed_ms;
  const bool known = std::any_of(pushes.begin(), pushes.end(), [&](const Push& other) {
    return other.repository == push.repository && other.tag == push.tag && other.digest == push.digest;
  });
  if (!known) pushes.push_back(std::move(push));
}

Outcome<std::vector<Push>> parse_any(std::string_view body, const WebhookHead& head, const Settings& settings) {
  simdjson::dom::parser parser;
  const auto read = read_webhook(parser, body);
  if (!read) return read.failure();
  const Value root(simdjson::dom::element{*read});
  if (auto pushes = read_cloud_event(root, head, settings)) return std::move(*pushes);
  if (auto pushes = read_harbor(root)) return std::move(*pushes);
  if (auto pushes = read_quay(root)) return std::move(*pushes);
  if (auto pushes = read_packages(root, head)) return std::move(*pushes);
  if (auto pushes = read_pubsub(root)) return std::move(*pushes);
  if (auto pushes = read_eventbridge(root)) return std::move(*pushes);
  if (auto pushes = read_aliyun(root)) return std::move(*pushes);
  const bool distribution = root["events"].error() == simdjson::SUCCESS ||
                            root["target"].error() == simdjson::SUCCESS ||
                            root["repository"].error() == simdjson::SUCCESS;
  if (distribution) return parse_distribution(body, settings);
  if (auto pushes = read_image(root)) return std::move(*pushes);
  return parse_distribution(body, settings);  // says what would have been read
}

}  // namespace headwind::registries
