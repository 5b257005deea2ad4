// SPDX-License-Identifier: Apache-2.0
// Webhooks of registries that have a format of their own. Each reader knows its sender by the body's shape and says
// nothing where it is another's.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/webhook_json.hpp"

namespace headwind::registries {

using Value = simdjson::simdjson_result<simdjson::dom::element>;

// What a webhook said, beside its body.
struct WebhookHead {
  std::string github_event;  // X-GitHub-Event, X-Gitea-Event or X-Forgejo-Event
  std::string ce_type;       // Ce-Type and Ce-Source: a CloudEvent in binary mode, whose body is its data
  std::string ce_source;
};

// The pushes, none where the body announces something else; nothing at all where it is no body of this sender.
using Pushes = std::optional<std::vector<Push>>;

Pushes read_harbor(const Value& root);                             // default format
Pushes read_quay(const Value& root);                               // all updated_tags
Pushes read_packages(const Value& root, const WebhookHead& head);  // GitHub, Gitea, Forgejo
Pushes read_pubsub(const Value& root);                             // Artifact Registry and gcr.io, by Pub/Sub push
Pushes read_eventbridge(const Value& root);                        // ECR
Pushes read_aliyun(const Value& root);
Pushes read_cloud_event(const Value& root, const WebhookHead& head, const Settings& settings);  // Harbor, ECR, zot, any
Pushes read_image(const Value& root);  // {"image": "repo:tag"}, {"name": "repo", "tag": "tag"}

// A body of any of these, or of distribution. HW_INVALID where nobody knows it.
Outcome<std::vector<Push>> parse_any(std::string_view body, const WebhookHead& head, const Settings& settings);

// Adds a push where it is one: a valid repository and a tag that is no digest. Repeats within a body count once.
void add_push(std::vector<Push>& pushes, const std::optional<Repository>& repository, const std::string& tag,
              const std::string& digest = {}, const std::string& event_id = {}, std::int64_t pushed_ms = 0);

}  // namespace headwind::registries
