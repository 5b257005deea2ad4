// SPDX-License-Identifier: Apache-2.0
#include "fake/access.hpp"

#include <algorithm>

namespace headwind::fake {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool matches(const std::string& pattern, std::string_view word) { return pattern == "*" || pattern == word; }

AccessRequest attributes(const Json& spec) {
  const Json* found = find_at(spec, {"resourceAttributes"});
  if (found == nullptr) return {};
  AccessRequest out;
  out.verb = text_at(*found, {"verb"});
  out.group = text_at(*found, {"group"});
  out.resource = text_at(*found, {"resource"});
  if (const std::string sub = text_at(*found, {"subresource"}); !sub.empty()) out.resource += "/" + sub;
  out.name_space = text_at(*found, {"namespace"});
  out.name = text_at(*found, {"name"});
  return out;
}

Outcome<Json> answer(const ResourceType& type, Json spec, Json status) {
  return Outcome<Json>(Json{{"kind", type.kind},
                            {"apiVersion", type.api_version()},
                            {"metadata", Json::object()},
                            {"spec", std::move(spec)},
                            {"status", std::move(status)}});
}

}  // namespace

void AccessTable::remove_user(std::string_view token) {
  if (const auto found = users_.find(token); found != users_.end()) users_.erase(found);
}

const User* AccessTable::find(std::string_view token) const {
  const auto found = users_.find(token);
  return found == users_.end() ? nullptr : &found->second;
}

bool AccessTable::allowed(const User& user, const AccessRequest& request) const {
  if (contains(user.groups, "system:masters")) return true;
  return std::any_of(rules_.begin(), rules_.end(), [&](const AccessRule& rule) {
    const bool subject =
        (!rule.user.empty() && rule.user == user.name) || (!rule.group.empty() && contains(user.groups, rule.group));
    return subject && (contains(rule.verbs, "*") || contains(rule.verbs, request.verb)) &&
           matches(rule.api_group, request.group) && matches(rule.resource, request.resource) &&
           matches(rule.name_space, request.name_space);
  });
}

Outcome<Json> AccessTable::review(const ResourceType& type, const Json& body, const User& caller) const {
  const Json* found = find_at(body, {"spec"});
  const Json spec = found != nullptr ? *found : Json::object();
  if (type.kind == "TokenReview") {
    const std::string token = text_at(spec, {"token"});
    if (token.empty()) return failure(400, "token is required for TokenReview in authentication");
    const User* user = find(token);
    if (user == nullptr) {
      return answer(type, spec, {{"user", Json::object()}, {"error", "invalid bearer token"}});
    }
    Json told = {{"username", user->name}, {"uid", user->uid}, {"groups", user->groups}};
    told["groups"].push_back("system:authenticated");
    if (!user->extra.empty()) told["extra"] = user->extra;
    return answer(type, spec, {{"authenticated", true}, {"user", std::move(told)}});
  }
  User subject = caller;
  std::vector<Cause> causes;
  if (!spec.contains("resourceAttributes") && !spec.contains("nonResourceAttributes")) {
    causes.push_back({"FieldValueInvalid", "spec.resourceAttributes",
                      "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be "
                      "specified"});
  }
  if (type.kind == "SubjectAccessReview") {
    subject = {};
    subject.name = text_at(spec, {"user"});
    if (const Json* groups = find_at(spec, {"groups"}); groups != nullptr && groups->is_array()) {
      for (const Json& group : *groups) {
        if (group.is_string()) subject.groups.push_back(group.get<std::string>());
      }
    }
    if (subject.name.empty() && subject.groups.empty()) {
      causes.push_back(
          {"FieldValueInvalid", "spec.user", "Invalid value: \"\": at least one of user or group must be specified"});
    }
  }
  if (!causes.empty()) return invalid(type, {}, causes);
  return answer(type, spec, {{"allowed", allowed(subject, attributes(spec))}});
}

Failure forbidden(const User& user, const AccessRequest& request) {
  std::string message = request.resource + " is forbidden: User \"" + user.name + "\" cannot " + request.verb +
                        " resource \"" + request.resource + "\" in API group \"" + request.group + "\" ";
  message += request.name_space.empty() ? "at the cluster scope" : "in the namespace \"" + request.name_space + "\"";
  Failure out = failure(403, message);
  out.status["details"] = {{"kind", request.resource}};
  if (!request.group.empty()) out.status["details"]["group"] = request.group;
  return out;
}

}  // namespace headwind::fake
