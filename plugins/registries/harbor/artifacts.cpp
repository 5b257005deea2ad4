// SPDX-License-Identifier: Apache-2.0
#include "registries/harbor/artifacts.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "registries/core/failures.hpp"
#include "registries/core/header_values.hpp"
#include "registries/core/json_text.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t page_size = 100;  // the most that Harbor gives
constexpr std::size_t max_pages = 10'000;
constexpr std::uint64_t max_project_body = 256 * 1024;
constexpr std::int64_t remembered_ms = 30 * 60 * 1000;

// The API is not for us, though Harbor may well be: also 3xx, where a sign-in page stands before it.
bool is_refusal(int status) {
  return (status >= 300 && status < 500 && status != 408 && status != 429) || status == 501;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Outcome<Response> get(const Target& target, const std::string& url, std::uint64_t max_body, Transport& transport) {
  Request request{"GET", url, {{"Accept", "application/json"}}, max_body};
  // Harbor's API challenges nobody: who is not told from the start is taken for nobody, and a public project answers.
  if (target.account.has_secret()) {
    const auto account = with_password(target.account, transport);
    if (!account) return account.failure();
    request.headers.emplace_back("Authorization", basic_authorization(account->username, account->password));
  }
  return transport.exchange(request);
}

// The pages of one list, and whether they add up.
class Pages {
 public:
  Pages(const Target& target, std::string first, std::string what)
      : target_(target), first_(std::move(first)), what_(std::move(what)), url_(page_url(1)) {}

  const std::string& url() const { return url_; }
  const std::string& what() const { return what_; }
  Failure broken(const std::string& why) const { return broken_list(target_, why, what_); }

  // Takes a page; its tags that are new remain in it. True: another one is at url().
  Outcome<bool> take(const Response& response, ArtifactPage& page) {
    const auto total = number(response.header("x-total-count"));
    if (total && !first_total_) first_total_ = total;
    // What was deleted moved the rest up: something may have slipped from one page to the one before.
    if (total && *total < *first_total_) return changed_list(target_, what_);
    const std::size_t rows = page.artifacts.size(), before = artifacts_.size();
    artifacts_.insert(page.artifacts.begin(), page.artifacts.end());
    keep_new(page.tags);
    if (std::max(artifacts_.size(), tags_.size()) > static_cast<std::size_t>(HW_MAX_TAGS))
      return broken("has more than a million tags");

    std::optional<std::string> link;
    for (const auto value : response.all("link"))
      if (!link) link = next_link(value);
    const bool short_of = first_total_ && artifacts_.size() < *first_total_;
    if (rows == 0 && (link || short_of)) return broken("gives fewer artifacts than it counts");
    if (rows != 0 && artifacts_.size() == before) return broken("repeats pages");
    // What stands before Harbor may have taken the headers away.
    const bool more = link || short_of || (!first_total_ && rows == page_size);
    if (!more) return false;
    if (++page_ > max_pages) return broken("has too many pages");
    return link ? follow(*link) : Outcome<bool>((url_ = page_url(page_), true));
  }

 private:
  std::string page_url(std::size_t page) const { return first_ + "&page=" + std::to_string(page); }

  Outcome<bool> follow(const std::string& link) {
    const auto next = resolve_url(url_, escaped_link(link));
    const auto origin = next ? origin_of(*next) : std::nullopt;
    if (!origin || origin != origin_of(first_) || path_of(*next) != path_of(first_))
      return broken("links to another list or to no URL");
    url_ = *next;
    return true;
  }

  void keep_new(hw::tag_page& tags) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < tags.names.size(); ++i) {
      if (!tags_.insert(tags.names[i]).second) continue;
      if (kept != i) {
        tags.names[kept] = std::move(tags.names[i]);
        tags.digests[kept] = std::move(tags.digests[i]);
        tags.pushed_ms[kept] = tags.pushed_ms[i];
      }
      ++kept;
    }
    tags.names.resize(kept);
    tags.digests.resize(kept);
    tags.pushed_ms.resize(kept);
  }

  const Target& target_;
  std::string first_, what_, url_;
  std::size_t page_ = 1;
  std::optional<std::uint64_t> first_total_;
  std::unordered_set<std::string> artifacts_, tags_;
};

}  // namespace

Outcome<Artifacts::Project> Artifacts::look_up(const Target& target, const std::string& project, Transport& transport) {
  const std::string url = target.url + "/api/v2.0/projects/" + percent_encode(project);
  const auto response = get(target, url, max_project_body, transport);
  if (!response) return response.failure();
  if (is_refusal(response->status)) return Project::refused;
  if (response->status != 200) return failure_of(*response, target, "the project " + project, transport);
  const auto body = parse_json(response->body);
  if (text_at(body, "name") != project) return Project::refused;  // a page for people, or something else than Harbor
  const auto origin = body.find("registry_id");
  const bool is_proxy = origin != body.end() && origin->is_number_integer() && origin->get<std::int64_t>() != 0;
  return is_proxy ? Project::proxy : Project::plain;
}

Outcome<Artifacts::Route> Artifacts::list(const Repository& repository, Transport& transport, const OnPage& on_page) {
  const auto targets = targets_of(settings_, repository, transport);
  const Target& target = targets.back();
  const auto slash = target.path.find('/');
  const Account& account = target.account;
  // Mirrors speak the distribution API only, and so do tokens.
  if (targets.size() > 1 || slash == std::string::npos || (account.has_secret() && account.username.empty()) ||
      !account.identity_token.empty() || !account.registry_token.empty())
    return Route{};
  const std::string project = target.path.substr(0, slash);
  const std::string key = target.url + " " + project + " " + account.key;

  auto known = projects_.find(key, transport.mono_ms());
  if (!known) {
    const auto asked = look_up(target, project, transport);
    if (!asked) return asked.failure();
    known = *asked;
    if (known == Project::refused) return Route{false, key};
    projects_.put(key, *known, transport.mono_ms(), remembered_ms);
  }
  if (known != Project::plain) return Route{};

  Pages pages(target,
              target.url + "/api/v2.0/projects/" + percent_encode(project) + "/repositories/" +
                  percent_encode(percent_encode(target.path.substr(slash + 1))) +
                  "/artifacts?with_tag=true&q=tags%3D%2A&sort=-push_time&page_size=" + std::to_string(page_size),
              "the artifacts of " + repository.text());
  for (bool first = true;; first = false) {
    const auto response = get(target, pages.url(), max_artifact_page, transport);
    if (!response) return response.failure();
    if (first && is_refusal(response->status)) return Route{false, key};
    if (response->status != 200) return failure_of(*response, target, pages.what(), transport);
    auto page = read_artifacts(response->body);
    if (!page && first) return Route{false, key};
    // After a first page that was one: the chain breaks off.
    if (!page) return pages.broken("answered something else than a list");
    const auto more = pages.take(*response, *page);
    if (!more) return more.failure();
    if (first && !*more && page->artifacts.empty()) return Route{};
    if (!page->tags.names.empty())
      if (const auto status = on_page(page->tags); status != HW_OK)
        return Failure{status, "the host stopped reading", 0};
    if (!*more) return Route{true, {}};
  }
}

void Artifacts::keep_off(const std::string& detour, Transport& transport) {
  if (!detour.empty()) projects_.put(detour, Project::refused, transport.mono_ms(), remembered_ms);
}

}  // namespace headwind::registries
