// SPDX-License-Identifier: Apache-2.0
#include "kube/reviews.hpp"

#include <nlohmann/json.hpp>

#include "kube/paths.hpp"

namespace headwind::kube {
namespace {

using Json = nlohmann::json;

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> result;
  if (list.is_array())
    for (const Json& entry : list)
      if (entry.is_string()) result.push_back(entry.get<std::string>());
  return result;
}

// The status of a review's answer.
Result<Json> status_of(const Result<std::string>& body, const char* kind) {
  if (!body) return in_context(body.error(), kind);
  Json json = Json::parse(*body, nullptr, false);
  if (!json.is_object() || !json.contains("status") || !json["status"].is_object())
    return make_error(Code::unavailable, std::string("the API server's answer to a ") + kind + " has no status.");
  return Result<Json>(boost::system::in_place_value, std::move(json["status"]));
}

Json attributes(const AccessQuestion& question) {
  Json json{{"verb", question.verb}, {"group", question.group}, {"resource", question.resource}};
  if (!question.subresource.empty()) json["subresource"] = question.subresource;
  if (!question.name_space.empty()) json["namespace"] = question.name_space;
  if (!question.name.empty()) json["name"] = question.name;
  return json;
}

Result<Decision> decision_of(const Result<std::string>& body, const char* kind) {
  const auto status = status_of(body, kind);
  if (!status) return status.error();
  Decision decision{flag(*status, "allowed"), text(*status, "reason")};
  if (decision.reason.empty()) decision.reason = text(*status, "evaluationError");
  return decision;
}

std::string review(const char* group, const char* kind, Json spec) {
  const Json json{{"apiVersion", std::string(group) + "/v1"}, {"kind", kind}, {"spec", std::move(spec)}};
  // A token may hold any bytes; what is not UTF-8 cannot be a good one and is replaced.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Task<Result<Identity>> review_token(std::shared_ptr<const Client> client, std::string token) {
  const Json spec{{"token", token}};
  const auto body =
      co_await client->create(collection_path(kTokenReviews), review("authentication.k8s.io", "TokenReview", spec));
  const auto status = status_of(body, "TokenReview");
  if (!status) co_return status.error();
  Identity identity;
  const auto user = status->find("user");
  if (!flag(*status, "authenticated") || user == status->end() || !user->is_object()) co_return identity;
  identity.authenticated = true;
  identity.user = text(*user, "username");
  identity.uid = text(*user, "uid");
  if (user->contains("groups")) identity.groups = texts((*user)["groups"]);
  const auto extra = user->find("extra");
  if (extra != user->end() && extra->is_object())
    for (const auto& [key, values] : extra->items()) identity.extra[key] = texts(values);
  co_return identity;
}

Task<Result<Decision>> review_access(std::shared_ptr<const Client> client, Identity who, AccessQuestion question) {
  Json spec{{"user", who.user}, {"resourceAttributes", attributes(question)}};
  if (!who.uid.empty()) spec["uid"] = who.uid;
  if (!who.groups.empty()) spec["groups"] = who.groups;
  if (!who.extra.empty()) spec["extra"] = who.extra;
  const auto body = co_await client->create(collection_path(kSubjectAccessReviews),
                                            review("authorization.k8s.io", "SubjectAccessReview", std::move(spec)));
  co_return decision_of(body, "SubjectAccessReview");
}

Task<Result<Decision>> review_own_access(std::shared_ptr<const Client> client, AccessQuestion question) {
  Json spec{{"resourceAttributes", attributes(question)}};
  const auto body = co_await client->create(collection_path(kSelfSubjectAccessReviews),
                                            review("authorization.k8s.io", "SelfSubjectAccessReview", std::move(spec)));
  co_return decision_of(body, "SelfSubjectAccessReview");
}

}  // namespace headwind::kube
