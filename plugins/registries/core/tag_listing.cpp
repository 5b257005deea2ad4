// SPDX-License-Identifier: Apache-2.0
#include "registries/core/tag_listing.hpp"

#include <algorithm>
#include <set>

#include "registries/core/failures.hpp"
#include "registries/core/header_values.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t page_size = 1000;  // more is an error on Amazon's
constexpr std::size_t max_pages = 2000;
constexpr std::uint64_t max_page_body = 64 * 1024 * 1024;  // some answer all tags at once, with details
constexpr std::size_t longest_etag = 256;

std::string etag_of(const Response& response) {
  const auto etag = response.header("etag");
  const bool usable =
      etag.size() <= longest_etag && std::all_of(etag.begin(), etag.end(), [](char c) { return c >= ' ' && c < 127; });
  return usable ? std::string(etag) : std::string();
}

std::string link_of(const Response& response) {
  for (const auto value : response.all("link"))
    if (auto link = next_link(value)) return *link;
  return {};
}

std::string last_name(const TagPage& page) {
  const auto end = page.names.size() - 1;  // its '\n'
  const auto before = end == 0 ? std::string::npos : page.names.rfind('\n', end - 1);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  return page.names.substr(begin, end - begin);
}

}  // namespace

Outcome<std::size_t> TagListing::run(const OnTags& on_tags) {
  const std::string first = target_.api("tags/list?n=" + std::to_string(page_size));
  std::set<std::string> urls{first};
  std::string url = first;
  bool linked = false;  // whether the registry itself led here
  bool empty = false;   // whether the page before had nothing
  for (std::size_t count = 0; count < max_pages; ++count) {
    const auto got = fetch(url, count == 0);
    if (!got) return got.failure();
    const KnownPage& known = **got;
    auto fresh = emit(known.page, on_tags);
    if (!fresh) return fresh;
    if (seen_.size() > static_cast<std::size_t>(HW_MAX_TAGS)) return broken("has more than a million tags");
    const bool adds_nothing = *fresh == 0 && count > 0;
    if (adds_nothing && linked && known.page.rows > 0) return broken("repeats pages");
    // Without any link a full page may still not be the last one: crane's registry never sends links, Nexus not for
    // groups. The former, and docker-registry 2, answer what is beyond the end with the whole list again.
    const bool full = !linked && known.link.empty() && known.page.rows == page_size && *fresh > 0;
    if (known.link.empty() && !full) return seen_.size();
    if (adds_nothing && !linked) return seen_.size();
    if (known.page.rows == 0 && empty) return broken("links from one empty page to the next");
    empty = known.page.rows == 0;
    linked = !full;
    if (full) {
      url = first + "&last=" + percent_encode(last_name(known.page));
    } else {
      auto next = follow(url, known.link);
      if (!next) return next.failure();
      url = std::move(*next);
    }
    if (!urls.insert(url).second) return broken("repeats pages");
  }
  return broken("has too many pages");
}

Outcome<TagListing::Page> TagListing::fetch(const std::string& url, bool first) {
  const std::string key = target_.account.key + "\n" + url;
  const auto known = memory_.find(key);
  Request request{"GET", url, {{"Accept", "application/json"}}, max_page_body};
  if (known) request.headers.emplace_back("If-None-Match", known->etag);
  const auto response = exchange_.send(target_, request, transport_);
  if (!response) return response.failure();
  if (response->status == 304 && known) return known;
  if (response->status == 200) return read(*response, key, known);
  // zot answers 404 where the tag after which to go on has gone, others 400 to links of their own making.
  if (!first && (response->status == 404 || response->status == 400))
    return broken("answered " + std::to_string(response->status) + " for a further page");
  if (response->status < 400) return broken("answered " + std::to_string(response->status));
  return failure_of(*response, target_, what_, transport_);
}

Outcome<TagListing::Page> TagListing::read(const Response& response, const std::string& key, const Page& known) {
  auto page = parse_tag_list(response.body);
  // Cut off, or from what stands in the registry's place, such as a page for signing in: an outage.
  if (!page) return doubt(target_, page.failure().message, what_);
  KnownPage out{etag_of(response), link_of(response), std::move(*page)};
  if (known && known->etag == out.etag && !same_tags(known->page, out.page)) {
    memory_.drop(key);
    return broken("sent other tags under an unchanged ETag");
  }
  if (out.etag.empty()) {
    memory_.drop(key);
  } else {
    memory_.put(key, out);
  }
  return std::make_shared<const KnownPage>(std::move(out));
}

Outcome<std::size_t> TagListing::emit(const TagPage& page, const OnTags& on_tags) {
  const std::size_t before = seen_.size();
  TagRows rows;
  const auto flush = [&] {
    const auto status = rows.names.empty() ? HW_OK : on_tags(rows);
    rows = {};
    return status;
  };
  std::string_view names = page.names;
  std::string_view digests = page.digests;
  for (std::size_t i = 0; !names.empty(); ++i) {
    const auto name = take_line(names);
    const auto digest = take_line(digests);
    if (!seen_.insert(name)) continue;
    rows.names.emplace_back(name);
    if (!page.digests.empty()) rows.digests.emplace_back(digest);
    if (!page.pushed_ms.empty()) rows.pushed_ms.push_back(page.pushed_ms[i]);
    if (rows.names.size() < page_size) continue;
    if (const auto status = flush(); status != HW_OK) return Failure{status, "the host stopped reading", 0};
  }
  if (const auto status = flush(); status != HW_OK) return Failure{status, "the host stopped reading", 0};
  return seen_.size() - before;
}

// The link's query on our own path: behind a proxy JFrog leaves out the beginning of the repository and Nexus puts one
// before it (renovate#15080, nexus-public#1011). Another host is never followed.
Outcome<std::string> TagListing::follow(const std::string& from, const std::string& link) const {
  const auto next = resolve_url(from, link);
  const auto origin = next ? origin_of(*next) : std::nullopt;
  if (!origin || origin != origin_of(target_.url)) return broken("links to another host or to no URL");
  const auto query = next->find('?');
  if (query == std::string::npos) return broken("links to a page without its place in the list");
  return target_.api("tags/list") + next->substr(query);
}

Failure TagListing::broken(const std::string& why) const { return broken_list(target_, why, what_); }

}  // namespace headwind::registries
