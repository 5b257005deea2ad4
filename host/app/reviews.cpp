// SPDX-License-Identifier: Apache-2.0
#include "app/reviews.hpp"

#include <utility>

#include "kube/reviews.hpp"

namespace headwind::app {

namespace {

// That we may not ask is no answer about whoever we asked for.
Error our_own(Error error) {
  if (error.code != Code::denied && error.code != Code::invalid) return error;
  error.code = Code::unavailable;
  error.retryable = true;
  error.message = "Headwind cannot review tokens; apply deploy/20-rbac.yaml (" + error.message + ")";
  return error;
}

}  // namespace

Task<Result<api::Identity>> ClusterReviews::authenticate(std::string token) {
  Result<kube::Identity> reviewed = co_await kube::review_token(client_, std::move(token));
  if (!reviewed) co_return our_own(reviewed.error());
  if (!reviewed->authenticated) co_return make_error(Code::denied, "the API server does not accept the token");
  co_return api::Identity{std::move(reviewed->user), std::move(reviewed->uid), std::move(reviewed->groups),
                          std::move(reviewed->extra)};
}

Task<Result<bool>> ClusterReviews::allowed(api::Identity identity, api::Access access) {
  kube::Identity who;
  who.authenticated = true;
  who.user = std::move(identity.user);
  who.uid = std::move(identity.uid);
  who.groups = std::move(identity.groups);
  who.extra = std::move(identity.extra);
  kube::AccessQuestion question;
  question.verb = access.verb;
  question.group = "headwind.sh";
  question.resource = access.resource;
  question.name_space = access.name_space;
  question.name = access.name;
  const Result<kube::Decision> decision = co_await kube::review_access(client_, std::move(who), std::move(question));
  if (!decision) co_return our_own(decision.error());
  co_return decision->allowed;
}

}  // namespace headwind::app
