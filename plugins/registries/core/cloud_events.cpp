// SPDX-License-Identifier: Apache-2.0
// CloudEvents 1.0 of whoever sends them: structured, binary (the attributes are headers, the body is the data) and in
// batches.
#include <algorithm>

#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

struct Event {
  std::string type, source, id, subject;
  Value data;
};

// Whose event this is: an endpoint's name. zot may be told a prefix of its own for its types, which its path knows.
std::string_view sender_of(const Event& event, const WebhookHead& head) {
  if (event.type.starts_with("com.amazon.ecr.")) return "ecr";
  if (event.type.starts_with("harbor.")) return "harbor";
  if (event.type.starts_with("zotregistry.")) return "zot";
  if (event.type.starts_with("Microsoft.ContainerRegistry.")) return "acr";
  return head.endpoint == "zot" ? "zot" : "cloudevents";
}

// Each word of "com.acme.image.pushed" or "ImagePushed", in lower case.
std::vector<std::string> words_of(const std::string& type) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < type.size() && i < 255; ++i) {
    const bool begins = is_upper(type[i]) && i > 0 && is_lower(type[i - 1]);
    if (begins || !(is_upper(type[i]) || is_lower(type[i]))) words.emplace_back();
    if (is_upper(type[i]) || is_lower(type[i])) words.back() += type[i];
  }
  for (std::string& word : words) word = lower(word);
  return words;
}

// By the words of its type, since every sender has its own. "image.scan.completed" and "quota.updated" are no pushes.
bool announces_a_push(const std::string& type) {
  constexpr std::string_view theirs[] = {"delet", "remov", "expir",  "scan", "quota",  "pull",  "fail",
                                         "vuln",  "untag", "retent", "lint", "signed", "attest"};
  constexpr std::string_view ours[] = {"push", "publish", "upload", "creat", "updat", "tag"};
  const std::vector<std::string> words = words_of(type);
  const auto holds = [&](std::string_view stem) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return word.starts_with(stem); });
  };
  return std::none_of(std::begin(theirs), std::end(theirs), holds) &&
         std::any_of(std::begin(ours), std::end(ours), holds);
}

// "my-repo:latest" behind its last colon; no tag where it has none.
struct Subject {
  std::string name, tag;
};
Subject read_subject(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.find('/', colon) != std::string::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

// The first five parts of "urn:aws:ecr:us-west-2:123456789012:repository/my-repo", or of the same as an ARN, and the
// rest.
std::vector<std::string> arn_parts(const std::string& source) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (parts.size() < 5) {
    const std::size_t end = source.find(':', at);
    parts.push_back(source.substr(at, end == std::string::npos ? end : end - at));
    if (end == std::string::npos) break;
    at = end + 1;
    if (parts.size() == 5) parts.push_back(source.substr(at));
  }
  return parts;
}

// False where it cannot be read, as in all of these.
bool add_ecr(std::vector<Push>& pushes, const Event& event) {
  const std::vector<std::string> parts = arn_parts(event.source);
  if (parts.size() < 5) return false;
  const Subject subject = read_subject(event.subject);
  std::string account = first_of(event.data, {"registryId"});
  if (account.empty()) account = parts[4];
  std::string name = first_of(event.data, {"repositoryName", "repository-name"});
  if (name.empty()) name = subject.name;
  constexpr std::string_view prefix = "repository/";
  if (name.empty() && parts.size() > 5 && parts[5].starts_with(prefix)) name = parts[5].substr(prefix.size());
  std::string tag = first_of(event.data, {"imageTag", "image-tag"});
  if (tag.empty()) tag = subject.tag;
  const auto repository = make_repository(ecr_host(account, parts[3]), name);
  add_push(pushes, repository, tag, first_of(event.data, {"imageDigest", "image-digest"}), event.id);
  return repository.has_value();
}

// The host: what the configuration says, else what the data or the source names (an alias may stand for it).
bool add_other(std::vector<Push>& pushes, const Event& event, const Notice& notice) {
  const Subject subject = read_subject(event.subject);
  std::string name = first_of(event.data, {"repositoryName", "repository", "name"});
  if (name.empty()) name = subject.name;
  std::string tag = first_of(event.data, {"imageTag", "tag", "reference"});
  if (tag.empty()) tag = subject.tag;
  const std::string digest = first_of(event.data, {"imageDigest", "digest"});
  const std::size_t slash = name.find('/');
  const std::size_t before = pushes.size();
  const Place* place = notice.head.place_of(sender_of(event, notice.head));
  std::string host = authority_of_url(first_of(event.data, {"registryUrl", "registry"}));
  if (place != nullptr) {
    host = place->base;
  } else if (slash != std::string::npos && looks_like_host(name.substr(0, slash))) {
    host = name.substr(0, slash);
    name.erase(0, slash + 1);
  }
  if (host.empty()) host = authority_of_url(event.source);
  bool known = false;
  for (const std::string& at : notice.settings.names_of(host)) {
    const auto repository = make_repository(at, name);
    known = known || repository.has_value();
    add_push(pushes, repository, tag, digest, event.id);
  }
  return known || pushes.size() > before;
}

bool add_event(std::vector<Push>& pushes, const Event& event, const Notice& notice) {
  const std::string_view sender = sender_of(event, notice.head);
  if (sender == "ecr") return !announces_a_push(event.type) || add_ecr(pushes, event);
  if (sender == "acr")
    return event.type != "Microsoft.ContainerRegistry.ImagePushed" ||
           add_distribution_event(pushes, event.data, notice.settings);
  if (sender == "harbor") {
    if (event.type == "harbor.artifact.pushed") add_harbor_event(pushes, event.data, event.id, notice.settings);
    return true;
  }
  if (sender == "zot" && !event.type.ends_with(".image.updated")) return true;
  return !announces_a_push(event.type) || add_other(pushes, event, notice);
}

Event structured(const Value& root) {
  return {text_of(root["type"]), text_of(root["source"]), text_of(root["id"]), text_of(root["subject"]), root["data"]};
}

}  // namespace

Pushes read_cloud_events(const Notice& notice) {
  const WebhookHead& head = notice.head;
  std::vector<Event> events;
  if (simdjson::dom::array list; !notice.root.get(list)) {
    if (list.size() > max_webhook_events) return unreadable("the body holds more than 1000 events");
    for (const simdjson::dom::element item : list)
      if (const Value event(simdjson::dom::element{item}); !text_of(event["specversion"]).empty())
        events.push_back(structured(event));
  } else if (!head.ce_type.empty()) {
    events.push_back({head.ce_type, head.ce_source, head.ce_id, head.ce_subject, notice.root});
  } else if (!text_of(notice.root["specversion"]).empty()) {
    events.push_back(structured(notice.root));
  }
  const bool all = head.is_for("cloudevents");  // by format, whoever sends it
  std::erase_if(events, [&](const Event& event) { return !all && head.endpoint != sender_of(event, head); });
  if (events.empty()) return std::nullopt;
  std::vector<Push> pushes;
  std::size_t bad = 0;
  for (const Event& event : events) bad += add_event(pushes, event, notice) ? 0 : 1;
  if (bad == events.size())
    return unreadable("the event names no repository at a host with a dot or a port: set webhooks." +
                      std::string(sender_of(events.front(), head)) + ".host, or registryAliases for its source");
  return pushes;
}

}  // namespace headwind::registries
