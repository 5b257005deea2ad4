// SPDX-License-Identifier: Apache-2.0
#include "fake/registry_handler.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/text.hpp"
#include "fake/json.hpp"

namespace headwind::fake {
namespace {

net::ServerResponse respond(unsigned status, std::string_view type, std::string body) {
  net::ServerResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", std::string(type)});
  response.headers.push_back({"Docker-Distribution-Api-Version", "registry/2.0"});
  response.body = std::move(body);
  return response;
}

net::ServerResponse refuse(unsigned status, std::string_view code, std::string_view message, Json detail = nullptr) {
  Json error = {{"code", code}, {"message", message}};
  if (!detail.is_null()) error["detail"] = std::move(detail);
  return respond(status, "application/json", Json{{"errors", Json::array({error})}}.dump());
}

net::ServerResponse answer_fault(const Fault& fault) {
  net::ServerResponse response = fault.status == 429
                                     ? refuse(429, "TOOMANYREQUESTS", "You have reached your pull rate limit.")
                                     : refuse(fault.status, "UNAVAILABLE", "the fault that was asked for");
  if (fault.retry_after_s > 0) response.headers.push_back({"Retry-After", std::to_string(fault.retry_after_s)});
  return response;
}

// /v2/<name>/tags/list, /v2/<name>/manifests/<reference>, /v2/<name>/blobs/<digest>: names contain slashes.
void read_path(RegistryRequest& entry) {
  const std::string path = percent_decode(entry.path);
  if (path == "/token") entry.kind = "token";
  if (path == "/v2/" || path == "/v2") entry.kind = "ping";
  if (!path.starts_with("/v2/")) return;
  const std::string_view rest = std::string_view(path).substr(4);
  const auto take = [&](std::string_view kind, std::string_view middle) {
    const std::size_t at = rest.rfind(middle);
    if (!entry.kind.empty() || at == std::string_view::npos || at == 0) return;
    const std::string_view reference = rest.substr(at + middle.size());
    if (reference.empty() || reference.find('/') != std::string_view::npos) return;
    entry.kind = kind;
    entry.repository = rest.substr(0, at);
    entry.reference = reference;
  };
  take("manifest", "/manifests/");
  take("blob", "/blobs/");
  if (entry.kind.empty() && rest.ends_with("/tags/list") && rest.size() > sizeof("/tags/list") - 1) {
    entry.kind = "tags";
    entry.repository = rest.substr(0, rest.size() - (sizeof("/tags/list") - 1));
  }
}

net::ServerResponse list_tags(const RegistryState& state, const RegistryRequest& entry, const Repository& repository) {
  std::vector<std::string> tags = repository.tags();
  std::string link;
  if (state.options.pages) {
    const Query query(entry.query);
    std::sort(tags.begin(), tags.end());
    const std::string last = query.get("last");
    tags.erase(tags.begin(), last.empty() ? tags.begin() : std::upper_bound(tags.begin(), tags.end(), last));
    if (const std::string text = query.get("n"); !text.empty()) {
      std::size_t limit = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
      if (error != std::errc() || end != text.data() + text.size()) {
        return refuse(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested", {{"n", text}});
      }
      limit = std::min(limit, state.options.max_page);
      const bool more = tags.size() > limit;
      if (more) tags.resize(limit);
      if (more && limit > 0) {
        link = "</v2/" + entry.repository + "/tags/list?last=" + percent_encode(tags.back()) +
               "&n=" + std::to_string(limit) + ">; rel=\"next\"";
      }
    }
  }
  const Json body = {{"name", entry.repository}, {"tags", tags.empty() ? Json() : Json(tags)}};
  net::ServerResponse response = respond(200, "application/json", body.dump());
  if (!link.empty()) response.headers.push_back({"Link", link});
  return response;
}

bool accepts(const net::ServerRequest& request, std::string_view type) {
  for (const net::Header& header : request.headers) {
    if (!equals_ignoring_case(header.name, "Accept")) continue;
    for (const std::string_view part : split(header.value, ',')) {
      if (trim(part.substr(0, part.find(';'))) == type) return true;
    }
  }
  return false;
}

net::ServerResponse get_manifest(const RegistryState& state, const RegistryRequest& entry,
                                 const net::ServerRequest& request, const Repository& repository) {
  const std::string* manifest = repository.manifest(entry.reference);
  if (manifest == nullptr) return refuse(404, "MANIFEST_UNKNOWN", "manifest unknown", {{"Tag", entry.reference}});
  if (state.options.strict_accept && !accepts(request, kManifestType)) {
    return refuse(404, "MANIFEST_UNKNOWN", "OCI manifest found, but accept header does not support OCI manifests");
  }
  net::ServerResponse response = respond(200, kManifestType, *manifest);
  const std::string by_tag = repository.digest(entry.reference);
  const std::string digest = by_tag.empty() ? entry.reference : by_tag;
  response.headers.push_back({"Docker-Content-Digest", digest});
  response.headers.push_back({"Etag", "\"" + digest + "\""});
  return response;
}

net::ServerResponse serve(RegistryState& state, const RegistryRequest& entry, const net::ServerRequest& request) {
  if (entry.kind == "token") return state.access.issue(request);
  if (entry.kind.empty()) return respond(404, "text/plain; charset=utf-8", "404 page not found\n");
  if (request.method != "GET" && request.method != "HEAD") {
    return refuse(405, "UNSUPPORTED", "The operation is unsupported.");
  }
  const std::string scope = entry.repository.empty() ? "" : "repository:" + entry.repository + ":pull";
  if (const auto challenge = state.access.challenge(request, "http://" + state.host + "/token", scope)) {
    net::ServerResponse refused = refuse(401, "UNAUTHORIZED", "authentication required");
    refused.headers.push_back({"WWW-Authenticate", *challenge});
    return refused;
  }
  if (entry.kind == "ping") return respond(200, "application/json", "{}");
  const auto repository = state.repositories.find(entry.repository);
  if (repository == state.repositories.end()) {
    return refuse(404, "NAME_UNKNOWN", "repository name not known to registry", {{"name", entry.repository}});
  }
  if (entry.kind == "tags") return list_tags(state, entry, repository->second);
  if (entry.kind == "manifest") return get_manifest(state, entry, request, repository->second);
  const std::string* blob = repository->second.blob(entry.reference);
  if (blob == nullptr) return refuse(404, "BLOB_UNKNOWN", "blob unknown to registry");
  return respond(200, "application/octet-stream", *blob);
}

}  // namespace

Task<net::ServerResponse> handle_registry(std::shared_ptr<RegistryState> state, net::ServerRequest request) {
  RegistryRequest entry;
  entry.method = request.method;
  entry.path = request.path;
  entry.query = request.query;
  entry.user_agent = std::string(net::find_header(request.headers, "User-Agent"));
  entry.authorized = !net::find_header(request.headers, "Authorization").empty();
  read_path(entry);
  constexpr std::chrono::milliseconds kLook{5};
  while (state->hanging) co_await sleep_for(kLook);
  const auto fault = entry.kind == "token" ? std::optional<Fault>() : state->faults.take("*", "*");
  net::ServerResponse response = fault ? answer_fault(*fault) : serve(*state, entry, request);
  entry.status = response.status;
  state->requests.push_back(std::move(entry));
  co_return response;
}

}  // namespace headwind::fake
