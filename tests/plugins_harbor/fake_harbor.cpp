// SPDX-License-Identifier: Apache-2.0
#include "plugins_harbor/fake_harbor.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "plugins_harbor/http_call.hpp"
#include "registries/core/account.hpp"

namespace headwind::registries {
namespace {

using nlohmann::json;

constexpr const char* no_time = "0001-01-01T00:00:00.000Z";

json to_json(const FakeHarbor::Artifact& artifact, int id, bool with_tags, bool null_tags) {
  json out{{"id", id},
           {"type", "IMAGE"},
           {"media_type", "application/vnd.oci.image.config.v1+json"},
           {"manifest_media_type", "application/vnd.oci.image.manifest.v1+json"},
           {"project_id", 2},
           {"repository_id", 3},
           {"digest", artifact.digest},
           {"size", 3'000'000},
           {"push_time", artifact.push_time},
           {"pull_time", no_time},
           {"extra_attrs", {{"architecture", "amd64"}, {"os", "linux"}, {"config", {{"Cmd", {"/app"}}}}}},
           {"addition_links", json::object()}};
  if (!with_tags) return out;
  json tags = json::array();
  for (const auto& tag : artifact.tags)
    tags.push_back({{"id", id * 100 + static_cast<int>(tags.size())},
                    {"repository_id", 3},
                    {"artifact_id", id},
                    {"name", tag.name},
                    {"push_time", tag.push_time},
                    {"pull_time", no_time},
                    {"immutable", false}});
  out["tags"] = tags.empty() && null_tags ? json() : tags;
  return out;
}

Response as_json(int status, const json& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}, {"X-Request-Id", "7c3b0f0c"}}, body.dump()};
}

}  // namespace

struct FakeHarbor::Call : HttpCall {
  explicit Call(const Request& request) : HttpCall(request) {}
  std::string user;  // who it proved to be
  bool refused = false;
};

std::string FakeHarbor::digest(int number) {
  const std::string digits = std::to_string(number);
  return "sha256:" + std::string(64 - digits.size(), '0') + digits;
}

Response FakeHarbor::error(int status, const std::string& code, const std::string& message) const {
  return as_json(status, {{"errors", {{{"code", code}, {"message", message}}}}});
}

bool FakeHarbor::may_pull(const std::string& user, const std::string& project) const {
  const auto found = projects.find(project);
  if (found == projects.end()) return false;
  if (found->second.is_public) return true;
  const auto who = users.find(user);
  return who != users.end() && who->second.projects.contains(project);
}

Response FakeHarbor::guard(const Call& call, const std::string& project, bool User::* permission) const {
  const auto who = users.find(call.user);
  const auto found = projects.find(project);
  const bool anyone = found != projects.end() && found->second.is_public;
  if (anyone || (who != users.end() && who->second.*permission && may_pull(call.user, project))) return {};
  if (call.user.empty()) return error(401, "UNAUTHORIZED", "unauthorized");
  return error(403, "FORBIDDEN", "forbidden");
}

Response FakeHarbor::answer(const Request& request) {
  Call call(request);
  log.push_back(request.method + " " + call.path + (call.query_text.empty() ? "" : "?" + call.query_text));
  for (const auto& [name, user] : users)
    if (call.authorization == basic_authorization(name, user.password)) call.user = name;
  call.refused = call.authorization.starts_with("Basic ") && call.user.empty();
  const auto& parts = call.segments;  // still encoded
  if (parts.size() >= 2 && parts[0] == "api" && parts[1] == "v2.0") {
    if (call.refused) return error(401, "UNAUTHORIZED", "unauthorized");
    if (request.method == "GET" && parts.size() == 4 && parts[2] == "projects")
      return project(call, percent_decode(parts[3]));
    if (request.method == "GET" && parts.size() == 7 && parts[2] == "projects" && parts[4] == "repositories" &&
        parts[6] == "artifacts")
      return artifacts(call, percent_decode(parts[3]), percent_decode(percent_decode(parts[5])));
    return error(404, "NOT_FOUND", "The path " + call.path + " was not found");
  }
  if (call.path == "/service/token") return token(call);
  if (!parts.empty() && parts[0] == "v2") return distribution(call);
  return {404, {{"Content-Type", "text/html"}}, "<html></html>"};
}

Response FakeHarbor::project(const Call& call, const std::string& name) {
  if (auto refusal = guard(call, name, &User::reads_projects); refusal.status != 0) return refusal;
  const auto& found = projects.at(name);
  json body{{"project_id", 2},
            {"name", name},
            {"owner_id", 1},
            {"owner_name", "admin"},
            {"creation_time", "2026-01-01T00:00:00.000Z"},
            {"update_time", "2026-01-01T00:00:00.000Z"},
            {"repo_count", found.repositories.size()},
            {"metadata", {{"public", found.is_public ? "true" : "false"}}}};
  if (found.registry_id != 0) body["registry_id"] = found.registry_id;
  return as_json(200, body);
}

Response FakeHarbor::artifacts(const Call& call, const std::string& project, const std::string& repository) {
  const int page = call.number("page", 1), page_size = call.number("page_size", 10);
  if (page < 1 || page_size < -1 || page_size > 100)
    return error(422, "UNPROCESSABLE_ENTITY", "page_size in query should be less than or equal to 100");
  if (auto refusal = guard(call, project, &User::lists_artifacts); refusal.status != 0) return refusal;
  const std::string q = call.value("q"), sort = call.value("sort");
  if (!q.empty() && q != "tags=*") return error(400, "BAD_REQUEST", "the fake knows the query tags=* only");

  std::vector<json> rows;
  int id = 0;
  std::multimap<std::string, const Artifact*, std::greater<>> list;  // the newest push first
  const auto& repositories = projects.at(project).repositories;
  const auto found = repositories.find(repository);
  static const std::vector<Artifact> none;
  for (const auto& artifact : found == repositories.end() ? none : found->second)
    list.emplace(sort == "-push_time" ? artifact.push_time : "", &artifact);
  for (const auto& [when, artifact] : list) {
    ++id;
    if (q == "tags=*" && artifact->tags.empty()) continue;
    rows.push_back(to_json(*artifact, id, call.value("with_tag") != "false", null_tags));
  }
  const auto total = static_cast<int>(rows.size());
  json body = json::array();
  for (int i = (page - 1) * page_size; i < std::min(total, page * page_size); ++i)
    body.push_back(rows[static_cast<std::size_t>(i)]);
  auto response = as_json(200, body);
  response.headers.emplace_back("X-Total-Count", std::to_string(total));
  // The path as it came, the query in the order of its keys and unescaped.
  std::map<std::string, std::string> query = call.query;
  std::string links;
  const auto add = [&](int to, const std::string& rel) {
    query["page"] = std::to_string(to);
    query["page_size"] = std::to_string(page_size);
    std::string text;
    for (const auto& [key, value] : query) text += (text.empty() ? "" : "&") + key + "=" + value;
    links += (links.empty() ? "<" : " , <") + call.path + "?" + text + ">; rel=\"" + rel + "\"";
  };
  if (page > 1 && (page - 1) * page_size < total) add(page - 1, "prev");
  if (page_size * page < total) add(page + 1, "next");
  if (!links.empty()) response.headers.emplace_back("Link", links);
  return response;
}

Response FakeHarbor::token(const Call& call) {
  if (call.refused) return error(401, "UNAUTHORIZED", "unauthorized");
  const std::string token = "for:" + call.user + ":" + call.value("scope");
  return as_json(
      200, {{"token", token}, {"access_token", token}, {"expires_in", 1800}, {"issued_at", "2026-01-01T00:00:00Z"}});
}

Response FakeHarbor::distribution(const Call& call) {
  const auto& parts = call.segments;
  if (parts.size() < 5) return error(404, "NOT_FOUND", "page not found");
  const std::string project = parts[1], kind = parts[parts.size() - 2];
  std::string repository = parts[2];
  for (std::size_t i = 3; i + 2 < parts.size(); ++i) repository += "/" + parts[i];
  const std::string scope = "repository:" + project + "/" + repository + ":pull";
  const std::string prefix = "Bearer for:", suffix = ":" + scope;
  std::string user;
  bool known = call.authorization.starts_with(prefix) && call.authorization.ends_with(suffix);
  if (known) {
    user = call.authorization.substr(prefix.size(), call.authorization.size() - prefix.size() - suffix.size());
    known = may_pull(user, project);
  }
  if (!known) {
    auto response = error(401, "UNAUTHORIZED", "unauthorized to access repository: " + project + "/" + repository);
    response.headers.emplace_back(
        "Www-Authenticate",
        "Bearer realm=\"" + base_ + "/service/token\",service=\"harbor-registry\",scope=\"" + scope + "\"");
    return response;
  }
  if (kind == "tags") return tag_list(project, repository, call);
  if (kind == "manifests") return manifest(project, repository, parts.back());
  return error(404, "NOT_FOUND", "page not found");
}

Response FakeHarbor::tag_list(const std::string& project, const std::string& repository, const Call& call) {
  auto& where = projects.at(project);
  std::set<std::string> names;
  if (const auto found = where.repositories.find(repository); found != where.repositories.end())
    for (const auto& artifact : found->second)
      for (const auto& tag : artifact.tags) names.insert(tag.name);
  const auto afar = where.afar.find(repository);
  if (afar != where.afar.end()) names.insert(afar->second.begin(), afar->second.end());
  if (names.empty() && !where.repositories.contains(repository))
    return error(404, "NOT_FOUND", "repository " + project + "/" + repository + " not found");
  const auto most = static_cast<std::size_t>(call.number("n", 1'000'000));
  json tags = json::array();
  for (auto it = names.upper_bound(call.value("last")); it != names.end() && tags.size() < most; ++it)
    tags.push_back(*it);
  auto response = as_json(200, {{"name", project + "/" + repository}, {"tags", tags}});
  if (!tags.empty() && tags.back() != *names.rbegin())
    response.headers.emplace_back("Link", "<" + call.path + "?last=" + tags.back().get<std::string>() +
                                              "&n=" + std::to_string(most) + ">; rel=\"next\"");
  return response;
}

Response FakeHarbor::manifest(const std::string& project, const std::string& repository, const std::string& reference) {
  for (const auto& artifact : projects.at(project).repositories[repository]) {
    const bool named =
        std::any_of(artifact.tags.begin(), artifact.tags.end(), [&](const Tag& tag) { return tag.name == reference; });
    if (!named && artifact.digest != reference) continue;
    return {
        200,
        {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"}, {"Docker-Content-Digest", artifact.digest}},
        {}};
  }
  return error(404, "NOT_FOUND", "artifact " + project + "/" + repository + ":" + reference + " not found");
}

}  // namespace headwind::registries
