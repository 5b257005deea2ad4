// SPDX-License-Identifier: Apache-2.0
#include "plugins_dockerhub/fake_hub.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugins_harbor/http_call.hpp"
#include "registries/core/account.hpp"

namespace headwind::registries {
namespace {

using nlohmann::json;

constexpr std::int64_t minute_ms = 60'000, session_ms = 600'000;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

json to_json(const FakeHub::Tag& tag, int id) {
  return {{"id", id},
          {"creator", 1},
          {"name", tag.name},
          {"last_updated", text_or_null(tag.pushed)},
          {"last_updater", 1},
          {"last_updater_username", "doijanky"},
          {"repository", 21171},
          {"full_size", 59'000'000},
          {"v2", true},
          {"tag_status", "active"},
          {"tag_last_pulled", nullptr},
          {"tag_last_pushed", text_or_null(tag.pushed)},
          {"media_type", "application/vnd.oci.image.index.v1+json"},
          {"content_type", "image"},
          {"digest", text_or_null(tag.digest)},
          {"images",
           {{{"architecture", "amd64"},
             {"features", ""},
             {"variant", nullptr},
             {"digest", text_or_null(tag.digest)},
             {"os", "linux"},
             {"os_features", ""},
             {"os_version", nullptr},
             {"size", 59'000'000},
             {"status", "active"},
             {"last_pulled", nullptr},
             {"last_pushed", text_or_null(tag.pushed)}}}}};
}

Response as_json(int status, const json& body) { return {status, {{"Content-Type", "application/json"}}, body.dump()}; }

}  // namespace

struct FakeHub::Call : HttpCall {
  using HttpCall::HttpCall;
};

std::string FakeHub::digest(int number) {
  const std::string digits = std::to_string(number);
  return "sha256:" + std::string(64 - digits.size(), '0') + digits;
}

void FakeHub::tell_allowance(Response& response) const {
  if (limit == 0) return;
  response.headers.emplace_back("X-RateLimit-Limit", std::to_string(limit));
  response.headers.emplace_back("X-RateLimit-Remaining", std::to_string(std::max(limit - used_, 0)));
  response.headers.emplace_back("X-RateLimit-Reset", std::to_string(minute_ends_ms_ / 1000));
}

Response FakeHub::answer(const Request& request) {
  const Call call(request);
  log.push_back(request.method + " " + call.path + (call.query_text.empty() ? "" : "?" + call.query_text));
  if (call.path == "/token") return token(call);
  const auto& parts = call.segments;
  const bool login_path = call.path == "/v2/auth/token" || call.path == "/v2/users/login";
  if (!login_path && (parts.size() < 2 || parts[1] != "namespaces")) return distribution(call, request.method);
  if (now_ms >= minute_ends_ms_) {
    minute_ends_ms_ = now_ms + minute_ms;
    used_ = 0;
  }
  if (limit != 0 && ++used_ > limit) {
    auto response = as_json(429, {{"detail", "Rate limit exceeded"}, {"error", false}});
    response.headers.emplace_back("X-Retry-After", std::to_string(minute_ends_ms_ / 1000));
    return response;
  }
  auto response = login_path ? login(call, request) : api(call);
  tell_allowance(response);
  return response;
}

Response FakeHub::login(const Call& call, const Request& request) {
  const bool old = call.path == "/v2/users/login";
  if (!old && old_login) return as_json(404, {{"message", "not found"}});
  const auto fields = json::parse(request.body, nullptr, false);
  const auto text = [&](const char* key) {
    return fields.is_object() && fields.contains(key) && fields[key].is_string() ? fields[key].get<std::string>() : "";
  };
  const std::string name = text(old ? "username" : "identifier"), secret = text(old ? "password" : "secret");
  const auto user = users.find(name);
  if (user == users.end() || user->second.secret != secret)
    return as_json(401, {{"detail", "Incorrect authentication credentials"}});
  const std::string session = "session." + name + "." + std::to_string(++logins);
  sessions_[session] = now_ms + session_ms;
  return as_json(200, {{old ? "token" : "access_token", session}});
}

Response FakeHub::api(const Call& call) {
  const auto& parts = call.segments;
  if (parts.size() != 6 || parts[3] != "repositories" || parts[5] != "tags")
    return as_json(404, {{"message", "not found"}, {"detail", "not found"}});
  const std::string name = parts[2] + "/" + parts[4];
  bool privately = false;
  if (!call.authorization.empty()) {
    const std::string session = call.authorization.substr(std::min<std::size_t>(7, call.authorization.size()));
    const auto found = sessions_.find(session);
    if (!call.authorization.starts_with("Bearer ") || found == sessions_.end() || found->second <= now_ms)
      return as_json(401, {{"detail", "invalid token"}, {"message", "unauthorized"}});
    const std::string user = session.substr(8, session.rfind('.') - 8);
    privately = users.at(user).reads_private;
    if (!privately && repositories[name].is_private) return as_json(403, {{"message", "access denied"}});
  }
  const auto found = repositories.find(name);
  if (found == repositories.end() || (found->second.is_private && !privately))
    return as_json(404,
                   {{"message", "object not found"}, {"errinfo", {{"namespace", parts[2]}, {"repository", parts[4]}}}});
  return tag_page(call, name);
}

Response FakeHub::tag_page(const Call& call, const std::string& name) {
  const auto& tags = repositories[name].tags;
  const int page = call.number("page", 1), page_size = std::clamp(call.number("page_size", 10), 1, 100);
  const auto count = static_cast<int>(tags.size());
  if (page < 1 || (page > 1 && (page - 1) * page_size >= count))
    return as_json(404, {{"message", "page " + std::to_string(page) + " not found"}});
  json results = json::array();
  for (int i = (page - 1) * page_size; i < std::min(count, page * page_size); ++i)
    results.push_back(to_json(tags[static_cast<std::size_t>(i)], i + 1));
  const auto link = [&](bool there, int to) {
    if (!there) return json();
    return json("https://hub.docker.com" + call.path + "?page=" + std::to_string(to) +
                "&page_size=" + std::to_string(page_size));
  };
  return as_json(200, {{"count", count},
                       {"next", link(page * page_size < count, page + 1)},
                       {"previous", link(page > 1, page - 1)},
                       {"results", results}});
}

Response FakeHub::token(const Call& call) {
  std::string who = "nobody";
  for (const auto& [name, user] : users)
    if (call.authorization == basic_authorization(name, user.secret)) who = name;
  if (who == "nobody" && !call.authorization.empty())
    return as_json(401, {{"details", "incorrect username or password"}});
  const std::string token = "pull." + who + "." + call.value("scope");
  return as_json(
      200, {{"token", token}, {"access_token", token}, {"expires_in", 300}, {"issued_at", "2026-01-01T00:00:00Z"}});
}

Response FakeHub::distribution(const Call& call, const std::string& method) {
  const auto& parts = call.segments;  // v2, namespace, repository, tags|manifests, list|reference
  if (parts.size() != 5) return as_json(404, {{"errors", {{{"code", "NAME_UNKNOWN"}, {"message", "unknown"}}}}});
  const std::string name = parts[1] + "/" + parts[2], scope = "repository:" + name + ":pull";
  const auto found = repositories.find(name);
  const bool token = call.authorization.starts_with("Bearer pull.") && call.authorization.ends_with("." + scope);
  const bool named = token && !call.authorization.starts_with("Bearer pull.nobody.");
  if (!token || found == repositories.end() || (found->second.is_private && !named)) {
    auto response = as_json(401, {{"errors", {{{"code", "UNAUTHORIZED"}, {"message", "authentication required"}}}}});
    response.headers.emplace_back(
        "Www-Authenticate",
        "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"" + scope + "\"");
    return response;
  }
  const auto& tags = found->second.tags;
  if (parts[3] == "tags") {
    json names = json::array();
    for (const auto& tag : tags) names.push_back(tag.name);
    return as_json(200, {{"name", name}, {"tags", names}});
  }
  const auto tag = std::find_if(tags.begin(), tags.end(), [&](const Tag& one) { return one.name == parts[4]; });
  if (tag == tags.end()) return as_json(404, {{"errors", {{{"code", "MANIFEST_UNKNOWN"}, {"message", "unknown"}}}}});
  if (method == "GET") ++pulls;
  return {200,
          {{"Content-Type", "application/vnd.oci.image.index.v1+json"},
           {"Docker-Content-Digest", tag->digest},
           {"ratelimit-limit", "100;w=21600"},
           {"ratelimit-remaining", "99;w=21600"},
           {"docker-ratelimit-source", "192.0.2.1"}},
          method == "GET" ? "{}" : ""};
}

}  // namespace headwind::registries
