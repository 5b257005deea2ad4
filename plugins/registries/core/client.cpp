// SPDX-License-Identifier: Apache-2.0
#include "registries/core/client.hpp"

#include <unordered_set>

#include "registries/core/failures.hpp"
#include "registries/core/json_text.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t page_size = 1000;  // more is an error on some registries
constexpr std::size_t max_pages = 2000;
constexpr std::uint64_t max_page_body = 64 * 1024 * 1024;  // some answer all tags at once, with details

// The first of the places that answers. Of those that do not, the registry's own word counts.
template <class Ask>
auto first_answer(const std::vector<Target>& targets, Ask ask) {
  for (std::size_t i = 0; i + 1 < targets.size(); ++i)
    if (auto out = ask(targets[i]); out || out.failure().code == HW_CANCELLED) return out;
  return ask(targets.back());
}

}  // namespace

Outcome<std::size_t> Client::list_tags(const Repository& repository, Transport& transport,
                                       const std::function<hw_status(const std::vector<std::string>&)>& on_page) {
  const auto target = targets_of(settings_, repository, transport).back();
  const std::string first = target.api("tags/list?n=" + std::to_string(page_size));
  const std::string what = "the tags of " + repository.text();
  const auto broken = [&](const std::string& why) { return doubt(target, why, what); };
  const auto home = origin_of(first);
  std::unordered_set<std::string> seen;
  std::string url = first;
  for (std::size_t page = 0; page < max_pages; ++page) {
    auto response = exchange_.send(target, {"GET", url, {{"Accept", "application/json"}}, max_page_body}, transport);
    if (!response) return response.failure();
    if (response->status != 200) return failure_of(*response, target, what, transport);
    const auto body = parse_json(response->body);
    if (!body.is_object()) return broken("answered something else than JSON");
    std::vector<std::string> fresh;
    std::size_t rows = 0;
    if (const auto tags = body.find("tags"); tags != body.end() && tags->is_array()) {  // null where there are none
      rows = tags->size();
      for (const auto& tag : *tags) {
        if (!tag.is_string()) continue;
        auto text = tag.get<std::string>();
        if (is_valid_tag(text) && seen.insert(text).second) fresh.push_back(std::move(text));
      }
    }
    if (seen.size() > static_cast<std::size_t>(HW_MAX_TAGS)) return broken("has more than a million tags");
    if (!fresh.empty())
      if (const auto status = on_page(fresh); status != HW_OK) return Failure{status, "the host stopped reading", 0};

    std::optional<std::string> link;
    for (const auto value : response->all("link"))
      if (!link) link = next_link(value);
    // Without a link a full page may still not be the last one: a few registries never send links.
    if (!link && rows == page_size && !fresh.empty()) link = first + "&last=" + percent_encode(fresh.back());
    if (!link) return seen.size();
    if (fresh.empty()) {
      if (rows == 0) return seen.size();
      return broken("repeats pages");
    }
    const auto next = resolve_url(url, *link);
    const auto origin = next ? origin_of(*next) : std::nullopt;
    if (!origin || origin != home) return broken("links to another host or to no URL");
    url = *next;
  }
  return broken("has too many pages");
}

Outcome<Artifact> Client::resolve(const Repository& repository, std::string_view tag, Transport& transport,
                                  std::string_view platform) {
  if (!is_valid_tag(tag)) return Failure{HW_INVALID, "the tag of " + repository.text() + " is not valid", 0};
  const auto node = parse_platform(platform);
  if (!platform.empty() && !node)
    return Failure{HW_INVALID, "the platform for " + repository.text() + " must be like linux/arm64", 0};
  return first_answer(targets_of(settings_, repository, transport), [&](const Target& target) {
    Images images(exchange_, target, repository.text(), transport);
    auto top = images.resolve(tag);
    return top && node ? images.select(*top, *node) : top;
  });
}

Outcome<std::vector<std::string>> Client::platforms(const Repository& repository, std::string_view digest,
                                                    Transport& transport) {
  if (!is_valid_digest(digest)) return Failure{HW_INVALID, "the digest of " + repository.text() + " is not valid", 0};
  const auto found = first_answer(targets_of(settings_, repository, transport), [&](const Target& target) {
    return Images(exchange_, target, repository.text(), transport).platforms(std::string(digest));
  });
  if (!found) return found.failure();
  std::vector<std::string> out;
  for (const auto& platform : *found) out.push_back(platform.text());
  return out;
}

}  // namespace headwind::registries
