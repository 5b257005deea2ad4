// SPDX-License-Identifier: Apache-2.0
// Which formats an endpoint takes: its own sender's only, so that an open one is no way around those with a secret.
#include <algorithm>
#include <array>

#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

struct Format {
  std::string_view endpoints;  // names between spaces; /webhook takes all
  Pushes (*read)(const Notice&);
};

// The order in which a body is recognised: what looks like others, too, comes last.
constexpr std::array<Format, 14> formats{{{" cloudevents zot harbor ecr acr ", read_cloud_events},
                                          {" acr ", read_event_grid},
                                          {" harbor ", read_harbor},
                                          {" quay ", read_quay},
                                          {" ghcr ", read_github},
                                          {" gitea forgejo ", read_gitea},
                                          {" gar ", read_pubsub},
                                          {" ecr ", read_eventbridge},
                                          {" aliyun ", read_aliyun},
                                          {" jfrog ", read_jfrog},
                                          {" nexus ", read_nexus},
                                          {" dockerhub ", read_docker_hub},
                                          {" registry gitlab acr ", read_distribution},
                                          {" image ", read_image}}};

bool lists(const Format& format, const std::string& endpoint) {
  return format.endpoints.find(" " + endpoint + " ") != std::string_view::npos;
}

// The path of an instance that somebody named as he liked says nothing of the sender.
bool takes_all(const WebhookHead& head) {
  return head.for_any() || std::none_of(formats.begin(), formats.end(),
                                        [&](const Format& format) { return lists(format, head.endpoint); });
}

// Whoever writes such a body wrote it by hand, and so did well to post here: what is wrong is a member's name.
Failure no_image(const Value& root) {
  constexpr std::size_t most_names = 5;
  std::string names;
  std::size_t count = 0;
  if (simdjson::dom::object object; !root.get(object))
    for (const auto field : object)
      if (++count <= most_names) names += (names.empty() ? "'" : ", '") + plain(std::string(field.key)) + "'";
  return unreadable("the body has no 'image'" + (names.empty() ? std::string() : ", but " + names) +
                    (count > most_names ? " and others" : "") + R"(: write {"image": "ghcr.io/acme/web:1.2.3"})");
}

Failure nobodys(const Notice& notice) {
  const WebhookHead& head = notice.head;
  if (head.endpoint == "image") return no_image(notice.root);
  if (takes_all(head)) return unreadable("the body is of no sender that Headwind knows");
  return unreadable("the body is not one that /webhook/" + head.endpoint +
                    " takes: let its sender post to its own path, or to /webhook");
}

}  // namespace

Outcome<std::vector<Push>> parse_any(std::string_view body, const WebhookHead& head, const Settings& settings) {
  simdjson::dom::parser parser;
  const auto read = read_webhook(parser, body, Batch::allowed);
  if (!read) return read.failure();
  const Notice notice{Value(simdjson::dom::element{*read}), head, settings};
  const bool all = takes_all(head);
  for (const Format& format : formats)
    if (all || lists(format, head.endpoint))
      if (auto pushes = format.read(notice)) return std::move(*pushes);
  return nobodys(notice);
}

void add_push(std::vector<Push>& pushes, const std::optional<Repository>& repository, const std::string& tag,
              const std::string& digest, const std::string& event_id, std::int64_t pushed_ms) {
  if (!repository || !is_valid_tag(tag) || pushes.size() >= max_webhook_events) return;
  Push push;
  push.repository = repository->text();
  push.tag = tag;
  if (is_valid_digest(digest)) push.digest = digest;
  push.event_id = plain(event_id);
  push.pushed_ms = pushed_ms;
  const bool known = std::any_of(pushes.begin(), pushes.end(), [&](const Push& other) {
    return other.repository == push.repository && other.tag == push.tag && other.digest == push.digest;
  });
  if (!known) pushes.push_back(std::move(push));
}

void add_push_at(std::vector<Push>& pushes, const Settings& settings, std::string_view authority, std::string_view path,
                 const std::string& tag, const std::string& digest, const std::string& event_id,
                 std::int64_t pushed_ms) {
  for (const std::string& host : settings.names_of(authority))
    add_push(pushes, make_repository(host, path), tag, digest, event_id, pushed_ms);
}

const Place* WebhookHead::place_of(std::string_view sender, std::string_view repository) const {
  const Place* found = nullptr;
  for (const Place& place : places) {
    if (place.sender != sender) continue;
    if (!repository.empty() && place.repository == repository) return &place;
    if (place.repository.empty()) found = &place;
  }
  return found;
}

std::string plain(std::string text) {
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!printable || text.size() > 255) text.clear();
  return text;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string authority_of_url(std::string_view url) {
  const std::size_t slashes = url.find("//");
  if (slashes == 0 || (slashes != std::string_view::npos && url[slashes - 1] == ':')) url.remove_prefix(slashes + 2);
  return canonical_host(url.substr(0, url.find_first_of("/?#")));
}

std::string first_of(const Value& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (std::string text = text_of(object[key]); !text.empty()) return text;
  return {};
}

}  // namespace headwind::registries
