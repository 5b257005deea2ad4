// SPDX-License-Identifier: Apache-2.0
// Webhooks of registries, each in its sender's own format. Each reader knows its sender by the body's shape and says
// nothing where it is another's.
#pragma once
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/webhook_json.hpp"

namespace headwind::registries {

using Value = simdjson::simdjson_result<simdjson::dom::element>;

// Where the images of a sender are found whose events name no host, or one that no image names.
struct Place {
  std::string sender;      // "nexus"
  std::string repository;  // its own name for a part of itself ("docker-hosted"); empty: all others
  std::string base;        // "registry.example.com:8082", or with a path: what stands before the image's name
};

// What a webhook said, beside its body, and what the configuration knows about its sender.
struct WebhookHead {
  std::string endpoint;                               // "harbor": bodies of that sender only; empty or "any": of all
  std::string event;                                  // X-GitHub-Event, X-Gitea-Event or X-Forgejo-Event
  std::string delivery;                               // the id that such senders give to a call
  std::string ce_type, ce_source, ce_id, ce_subject;  // a CloudEvent in binary mode, whose body is its data
  std::vector<Place> places;

  bool for_any() const { return endpoint.empty() || endpoint == "any"; }
  bool is_for(std::string_view name) const { return for_any() || endpoint == name; }
  const Place* place_of(std::string_view sender, std::string_view repository = {}) const;
};

// From the call's headers: `row` gives name, in lower case, and value of each. "headwind-endpoint" and "headwind-place"
// are the host's own.
WebhookHead read_head(std::size_t count,
                      const std::function<std::pair<std::string_view, std::string_view>(std::size_t)>& row);

struct Notice {
  Value root;  // an object, or a list
  const WebhookHead& head;
  const Settings& settings;
};

// The pushes, none where the body announces something else; a failure where it should be one and lacks what it takes;
// nothing at all where it is no body of this sender.
using Pushes = std::optional<Outcome<std::vector<Push>>>;

Pushes read_harbor(const Notice& notice);       // default format
Pushes read_quay(const Notice& notice);         // all updated_tags
Pushes read_image(const Notice& notice);        // {"image": "repo:tag"}, {"name": "repo", "tag": "tag"}
Pushes read_github(const Notice& notice);       // package and registry_package
Pushes read_gitea(const Notice& notice);        // Gitea and Forgejo
Pushes read_jfrog(const Notice& notice);        // Artifactory
Pushes read_nexus(const Notice& notice);        // components and assets
Pushes read_pubsub(const Notice& notice);       // Artifact Registry and gcr.io, by Pub/Sub push
Pushes read_eventbridge(const Notice& notice);  // ECR
Pushes read_event_grid(const Notice& notice);   // Azure
Pushes read_aliyun(const Notice& notice);
Pushes read_cloud_events(const Notice& notice);  // of Harbor, ECR, Azure, zot and anybody; one or a batch
Pushes read_docker_hub(const Notice& notice);
Pushes read_distribution(const Notice& notice);

// A body of any of these, or of the one that the endpoint names. HW_INVALID where nobody knows it.
Outcome<std::vector<Push>> parse_any(std::string_view body, const WebhookHead& head, const Settings& settings);

// Adds a push where it is one: a valid repository and a tag that is no digest. Repeats within a body count once.
void add_push(std::vector<Push>& pushes, const std::optional<Repository>& repository, const std::string& tag,
              const std::string& digest = {}, const std::string& event_id = {}, std::int64_t pushed_ms = 0);
// The same for each name under which the images of the registry at `authority` are known.
void add_push_at(std::vector<Push>& pushes, const Settings& settings, std::string_view authority, std::string_view path,
                 const std::string& tag, const std::string& digest = {}, const std::string& event_id = {},
                 std::int64_t pushed_ms = 0);
// One event of distribution: {"action": "push", "target": {...}, "request": {...}}. False where it cannot be read.
bool add_distribution_event(std::vector<Push>& pushes, const Value& event, const Settings& settings);
// The artifacts of one event of Harbor, whichever envelope it came in.
void add_harbor_event(std::vector<Push>& pushes, const Value& data, const std::string& id, const Settings& settings);
// "123456789012.dkr.ecr.us-west-2.amazonaws.com", in the partition of the region.
std::string ecr_host(const std::string& account, const std::string& region);

// An id or a media type as the host takes it: at most 255 printable characters of ASCII, else empty. What a stranger
// writes there must not make the host take this plugin for broken.
std::string plain(std::string text);
std::string lower(std::string text);  // ASCII
std::string authority_of_url(
    std::string_view url);  // "harbor.dev:8443" of "https://harbor.dev:8443/x" and "harbor.dev:8443/x"
// The first of these members that holds text.
std::string first_of(const Value& object, std::initializer_list<const char*> keys);
inline bool has(const Value& object, const char* key) { return object[key].error() == simdjson::SUCCESS; }
inline Failure unreadable(std::string sentence) { return {HW_INVALID, std::move(sentence), 0}; }

}  // namespace headwind::registries
