// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/sender.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

struct Sender {
  std::string authority;  // of target.url, else request.host; empty where neither is told
  std::string path;       // of target.url
};

Sender sender_of(const Value& event) {
  Sender sender;
  const std::string url = text_of(event["target"]["url"]);
  if (const auto origin = origin_of(url)) {
    sender.authority = origin->authority();
    sender.path = path_of(url);
  } else {
    sender.authority = canonical_host(text_of(event["request"]["host"]));
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

Reading read_event(const std::string& action, const Value& target, const Value& event, const Settings& settings,
                   std::vector<Push>& out) {
  const std::string name = text_of(target["repository"]);
  if (action == "ping") return Reading::other;  // Azure's test, about no repository
  if (action.empty() || name.empty()) return Reading::malformed;
  const std::string tag = text_of(target["tag"]);
  if (action != "push" || tag.empty()) return Reading::other;
  if (!is_valid_tag(tag)) return Reading::malformed;
  const auto repositories = repositories_of(name, sender_of(event), settings);
  if (repositories.empty()) return Reading::malformed;
  for (const auto& repository : repositories) {
    Push push;
    push.repository = repository.text();
    push.tag = tag;
    push.digest = text_of(target["digest"]);
    if (!is_valid_digest(push.digest)) push.digest.clear();
    push.media_type = plain(text_of(target["mediaType"]));
    push.event_id = plain(text_of(event["id"]));
    push.pushed_ms = parse_time(text_of(event["timestamp"])).value_or(0);
    const bool known = std::any_of(out.begin(), out.end(), [&](const Push& other) {
      return other.repository == push.repository && other.tag == push.tag && other.digest == push.digest;
    });
    if (!known) out.push_back(std::move(push));
  }
  return Reading::push;
}

Outcome<std::vector<Push>> read_envelope(const Value& root, const Settings& settings) {
  std::vector<Push> pushes;
  const Value events = root["events"];
  if (events.error() != simdjson::SUCCESS) {  // one event alone, or no more than a repository and a tag
    const std::string action = text_of(root["action"]);
    const bool bare = root["action"].error() != simdjson::SUCCESS;
    if (read_event(bare ? "push" : action, bare ? root : root["target"], root, settings, pushes) == Reading::malformed)
      return unreadable("the notification holds neither 'events' nor a repository with a tag");
    return pushes;
  }
  simdjson::dom::array list;
  if (events.get(list)) return unreadable("'events' of the notification must be a list");
  if (list.size() > max_webhook_events) return unreadable("the notification holds more than 1000 events");
  std::size_t malformed = 0;
  for (const simdjson::dom::element item : list) {
    const Value event(simdjson::dom::element{item});
    const Reading reading = read_event(text_of(event["action"]), event["target"], event, settings, pushes);
    malformed += reading == Reading::malformed ? 1 : 0;
  }
  if (malformed != 0 && malformed == list.size())
    return unreadable(
        "no event of the notification has an action, a host with a dot or a port, a repository and a valid tag");
  return pushes;
}

}  // namespace

bool add_distribution_event(std::vector<Push>& pushes, const Value& event, const Settings& settings) {
  return read_event(text_of(event["action"]), event["target"], event, settings, pushes) != Reading::malformed;
}

Pushes read_distribution(const Notice& notice) {
  const Value& root = notice.root;
  if (notice.head.endpoint == "gitlab" && has(root, "object_kind"))
    return unreadable("a hook of a project names no image: let a job of the pipeline post to /webhook/image");
  const bool like = has(root, "events") || has(root, "target") || !text_of(root["repository"]).empty();
  if (notice.head.for_any() && !like) return std::nullopt;
  return read_envelope(root, notice.settings);
}

Outcome<std::vector<Push>> parse_distribution(std::string_view body, const Settings& settings) {
  simdjson::dom::parser parser;
  const auto read = read_webhook(parser, body);
  if (!read) return read.failure();
  return read_envelope(Value(simdjson::dom::element{*read}), settings);
}

}  // namespace headwind::registries
