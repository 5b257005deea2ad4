// SPDX-License-Identifier: Apache-2.0
// Webhook bodies from anywhere: whatever the bytes are, what comes out is a valid repository and a valid tag.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/sender.hpp"

namespace {

namespace registries = headwind::registries;

void check(const registries::Outcome<std::vector<registries::Push>>& pushes) {
  if (!pushes) {
    if (pushes.failure().code != HW_INVALID || pushes.failure().message.empty()) std::abort();
    return;
  }
  for (const auto& push : *pushes) {
    const auto repository = registries::parse_repository(push.repository);
    if (!repository || repository->text() != push.repository) std::abort();  // canonical: reading it changes nothing
    if (!registries::is_valid_tag(push.tag)) std::abort();
    if (!push.digest.empty() && !registries::is_valid_digest(push.digest)) std::abort();
    for (const std::string& text : {push.media_type, push.event_id})
      if (registries::plain(text) != text) std::abort();  // the host would reject it as the plugin's fault
  }
}

// Lines "name: value" until an empty one, where the first line has a colon and no brace; the rest is the body.
registries::WebhookHead take_head(std::string_view& text) {
  std::vector<std::pair<std::string, std::string>> rows;
  while (rows.size() < 20 && !text.empty() && text.front() != '{' && text.front() != '[') {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) break;
    rows.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return registries::read_head(rows.size(), [&](std::size_t i) {
    return std::pair<std::string_view, std::string_view>(rows[i].first, rows[i].second);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto settings = registries::Settings::parse(
      R"({"hosts":{"docker.io":{"endpoint":"http://127.0.0.1:5000"}},"aliases":{"registry.internal:5000":"registry.example.com"}})");
  std::string_view body(reinterpret_cast<const char*>(data), size);
  registries::WebhookHead head = take_head(body);
  check(registries::parse_distribution(body, *settings));
  check(registries::parse_docker_hub(body));
  check(registries::parse_any(body, head, *settings));
  for (const char* endpoint : {"any", "registry", "dockerhub", "harbor", "ghcr", "quay", "acr", "gar", "ecr", "gitea",
                               "forgejo", "gitlab", "jfrog", "nexus", "zot", "aliyun", "cloudevents", "image"}) {
    head.endpoint = endpoint;
    check(registries::parse_any(body, head, *settings));
  }
  return 0;
}
