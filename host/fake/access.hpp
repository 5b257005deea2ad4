// SPDX-License-Identifier: Apache-2.0
// Who is who, who may do what, and the reviews that tell others.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "fake/api_server.hpp"
#include "fake/status.hpp"

namespace headwind::fake {

class AccessTable {
 public:
  void add_user(std::string token, User user) { users_.insert_or_assign(std::move(token), std::move(user)); }
  void remove_user(std::string_view token);
  void allow(AccessRule rule) { rules_.push_back(std::move(rule)); }

  const User* find(std::string_view token) const;
  // Members of system:masters may do everything.
  bool allowed(const User& user, const AccessRequest& request) const;

  // Answers a TokenReview, SubjectAccessReview or SelfSubjectAccessReview; `caller` sends it.
  Outcome<Json> review(const ResourceType& type, const Json& body, const User& caller) const;

 private:
  std::map<std::string, User, std::less<>> users_;
  std::vector<AccessRule> rules_;
};

Failure forbidden(const User& user, const AccessRequest& request);

}  // namespace headwind::fake
