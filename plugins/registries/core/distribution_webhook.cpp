// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "registries/core/json_text.hpp"
#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

using nlohmann::json;

struct Sender {
  std::string authority;  // of target.url, else request.host; empty where neither is told
  std::string path;       // of target.url
};

Sender sender_of(const json& event) {
  Sender sender;
  const std::string url = text_at(object_at(event, "target"), "url");
  if (const auto origin = origin_of(url)) {
    sender.authority = origin->authority();
    sender.path = path_of(url);
  } else {
    sender.authority = canonical_host(text_at(object_at(event, "request"), "host"));
  }
  return sender;
}

// The repository's names. Some senders put their host in front of the name, and a name may also begin with a part
// that merely looks like a host ("my.org/app"): the URL's path tells the two apart. A port cannot be part of a path.
std::vector<Repository> repositories_of(const std::string& name, const Sender& sender, const Settings& settings) {
  std::string path = name;
  std::string authority = sender.authority;
  const auto first = name.substr(0, name.find('/'));
  if (first.size() < name.size() && looks_like_host(first)) {
    const bool same = canonical_host(first) == canonical_host(authority);
    const bool in_url = !authority.empty() && sender.path.starts_with("/v2/" + name + "/");
    if (same || !in_url || first.find(':') != std::string::npos) {
      authority = first;
      path = name.substr(first.size() + 1);
    }
  }
  if (authority.empty()) authority = "docker.io";
  std::vector<Repository> out;
  for (const auto& host : settings.names_of(authority))
    if (auto repository = make_repository(host, path)) out.push_back(std::move(*repository));
  return out;
}

enum class Reading { push, other, malformed };

Reading read_event(const json& event, const Settings& settings, std::vector<Push>& out) {
  const auto& target = object_at(event, "target");
  const std::string action = text_at(event, "action");
  const std::string name = text_at(target, "repository");
  if (action.empty() || name.empty()) return Reading::malformed;
  const std::string tag = text_at(target, "tag");
  if (action != "push" || tag.empty()) return Reading::other;
  if (!is_valid_tag(tag)) return Reading::malformed;
  const auto repositories = repositories_of(name, sender_of(event), settings);
  if (repositories.empty()) return Reading::malformed;
  for (const auto& repository : repositories) {
    Push push;
    push.repository = repository.text();
    push.tag = tag;
    push.digest = text_at(target, "digest");
    if (!is_valid_digest(push.digest)) push.digest.clear();
    push.media_type = text_at(target, "mediaType").substr(0, 255);
    push.event_id = text_at(event, "id").substr(0, 255);
    push.pushed_ms = parse_time(text_at(event, "timestamp")).value_or(0);
    const bool known = std::any_of(out.begin(), out.end(), [&](const Push& other) {
      return other.repository == push.repository && other.tag == push.tag && other.digest == push.digest;
    });
    if (!known) out.push_back(std::move(push));
  }
  return Reading::push;
}

}  // namespace

Outcome<std::vector<Push>> parse_distribution(std::string_view body, const Settings& settings) {
  constexpr std::size_t max_events = 1000;
  const auto invalid = [](const char* sentence) { return Failure{HW_INVALID, sentence, 0}; };
  if (body.size() > max_webhook_body) return invalid("the notification is longer than 2 MiB");
  const json root = parse_json(body);
  if (!root.is_object()) return invalid("the notification must be a JSON object with a list 'events'");

  std::vector<Push> pushes;
  const auto events = root.find("events");
  if (events == root.end()) {
    json event = root;
    if (!root.contains("action") && root.contains("repository") && root.contains("tag"))
      event = {{"action", "push"}, {"target", {{"repository", root["repository"]}, {"tag", root["tag"]}}}};
    if (read_event(event, settings, pushes) == Reading::malformed)
      return invalid("the notification holds neither 'events' nor a repository with a tag");
    return pushes;
  }
  if (!events->is_array()) return invalid("'events' of the notification must be a list");
  if (events->size() > max_events) return invalid("the notification holds more than 1000 events");
  std::size_t malformed = 0;
  for (const auto& event : *events) malformed += read_event(event, settings, pushes) == Reading::malformed ? 1 : 0;
  if (malformed != 0 && malformed == events->size())
    return invalid(
        "no event of the notification has an action, a host with a dot or a port, a repository and a valid tag");
  return pushes;
}

}  // namespace headwind::registries
