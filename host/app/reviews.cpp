// SPDX-License-Identifier: Apache-2.0
#include "app/reviews.hpp"

#include <utility>

#include "kube/reviews.hpp"

namespace headwind::app {

Task<Result<api::Identity>> ClusterReviews::authenticate(std::string token) {
  Result<kube::Identity> reviewed = co_await kube::review_token(client_, std::move(token));
  if (!reviewed) co_return reviewed.error();
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
  question.resource = "updaterequests";
  question.name_space = access.name_space;
  question.name = access.name;
  const Result<kube::Decision> decision = co_await kube::review_access(client_, std::move(who), std::move(question));
  if (!decision) co_return decision.error();
  co_return decision->allowed;
}

}  // namespace headwind::app
