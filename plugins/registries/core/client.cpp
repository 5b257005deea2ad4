// SPDX-License-Identifier: Apache-2.0
#include "registries/core/client.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "registries/core/json_text.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t page_size = 1000;  // more is an error on some registries
constexpr std::size_t max_pages = 2000;
constexpr std::uint64_t max_page_body = 64 * 1024 * 1024;  // some answer all tags at once, with details
constexpr std::uint64_t max_manifest_body = 4 * 1024 * 1024;
constexpr int max_redirects = 5;

// Never changed: the digest that a tag names depends on it.
constexpr const char* accept =
    "application/vnd.oci.image.index.v1+json,application/vnd.docker.distribution.manifest.list.v2+json,"
    "application/vnd.oci.image.manifest.v1+json,application/vnd.docker.distribution.manifest.v2+json";

std::string sha256(std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(body.data(), body.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string out = "sha256:";
  for (unsigned int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The first error code of a registry's error body, where it has one: "MANIFEST_UNKNOWN".
std::string error_code(const Response& response) {
  const auto body = response.body.size() <= 64 * 1024 ? parse_json(response.body) : nlohmann::json();
  if (!body.is_object() || !body.contains("errors") || !body["errors"].is_array() || body["errors"].empty()) return {};
  const std::string code = text_at(body["errors"][0], "code");
  return code.size() <= 64 && code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos ? code : "";
}

Failure failure_of(const Response& response, const Repository& repository, const std::string& what,
                   Transport& transport) {
  const int status = response.status;
  std::string answered = "registry " + repository.host + " answered " + std::to_string(status);
  if (const auto code = error_code(response); !code.empty()) answered += " (" + code + ")";
  answered += " for " + what;
  if (status == 401 || status == 403)
    return {HW_DENIED, answered + ": check the credentials in hosts." + repository.host, 0};
  if (status == 404) return {HW_NOT_FOUND, answered, 0};
  if (status == 429) {
    auto wait = parse_retry_after(response.header("retry-after"), transport.unix_ms()).value_or(0);
    return {HW_THROTTLED, answered + ": it asks to slow down", wait};
  }
  if (status == 503)
    return {HW_UNAVAILABLE, answered,
            parse_retry_after(response.header("retry-after"), transport.unix_ms()).value_or(0)};
  if (status >= 500 || status == 408) return {HW_UNAVAILABLE, answered, 0};
  return {HW_INVALID, answered, 0};
}

}  // namespace

Outcome<Response> Client::send(const Repository& repository, const HostSettings& host, Request request,
                               Transport& transport) {
  const std::string scope = "repository:" + repository.path + ":pull";
  const auto home = origin_of(request.url);
  auto header = authorization_.known(repository.host, host, scope, transport);
  if (!header) return header.failure();
  const auto plain_headers = request.headers;
  bool challenged = false;
  for (int redirects = 0;;) {
    const auto origin = origin_of(request.url);
    const bool at_home = origin && home && *origin == *home;
    request.headers = plain_headers;
    if (at_home && !header->empty()) request.headers.emplace_back("Authorization", *header);
    auto response = transport.exchange(request);
    if (!response) return response;
    if (response->status == 401 && at_home && !challenged) {
      challenged = true;
      header = authorization_.answer(repository.host, host, scope, *response, transport);
      if (!header) return header.failure();
      continue;
    }
    if (!is_redirect(response->status)) return response;
    const auto target = resolve_url(request.url, response->header("location"));
    const auto to = target ? origin_of(*target) : std::nullopt;
    // Elsewhere only over https, not into private networks, and without the credentials.
    const bool allowed = to && home && (*to == *home || (to->scheme == "https" && !is_private_host(to->host)));
    if (!allowed || ++redirects > max_redirects)
      return Failure{HW_UNAVAILABLE, "registry " + repository.host + " redirects to a place that is not followed", 0};
    request.url = *target;
  }
}

Outcome<std::size_t> Client::list_tags(const Repository& repository, Transport& transport,
                                       const std::function<hw_status(const std::vector<std::string>&)>& on_page) {
  const auto host = settings_.of(repository.host);
  const std::string first = host.endpoint + "/v2/" + repository.path + "/tags/list?n=" + std::to_string(page_size);
  const std::string what = "the tags of " + repository.text();
  const auto broken = [&](const std::string& why) {
    return Failure{HW_UNAVAILABLE, "registry " + repository.host + " " + why + " for " + what, 0};
  };
  const auto home = origin_of(first);
  std::unordered_set<std::string> seen;
  std::string url = first;
  for (std::size_t page = 0; page < max_pages; ++page) {
    auto response = send(repository, host, {"GET", url, {{"Accept", "application/json"}}, max_page_body}, transport);
    if (!response) return response.failure();
    if (response->status != 200) return failure_of(*response, repository, what, transport);
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

Outcome<Artifact> Client::resolve(const Repository& repository, std::string_view tag, Transport& transport) {
  const std::string what = repository.text() + ":" + std::string(tag);
  if (!is_valid_tag(tag)) return Failure{HW_INVALID, "the tag of " + repository.text() + " is not valid", 0};
  const auto host = settings_.of(repository.host);
  Request request{"HEAD",
                  host.endpoint + "/v2/" + repository.path + "/manifests/" + std::string(tag),
                  {{"Accept", accept}},
                  max_manifest_body};
  auto response = send(repository, host, request, transport);
  if (!response) return response.failure();
  std::string digest = response->status == 200 ? std::string(response->header("docker-content-digest")) : "";
  const bool head_refused = response->status == 405 || response->status == 501;
  if (head_refused || (response->status == 200 && !is_valid_digest(digest))) {
    request.method = "GET";
    response = send(repository, host, request, transport);
    if (!response) return response.failure();
    digest = sha256(response->body);
  }
  if (response->status != 200) return failure_of(*response, repository, what, transport);
  const auto type = response->header("content-type");
  return Artifact{digest, std::string(type.substr(0, type.find_first_of("; ")))};
}

}  // namespace headwind::registries
