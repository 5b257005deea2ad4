// SPDX-License-Identifier: Apache-2.0
// Who is that, and what may they do? Asked of the API server itself.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kube/client.hpp"

namespace headwind::kube {

struct Identity {
  bool authenticated = false;
  std::string user, uid;
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;
};

struct AccessQuestion {
  std::string verb;
  std::string group, resource, subresource = {};
  std::string name_space = {}, name = {};  // empty: all
};

struct Decision {
  bool allowed = false;
  std::string reason;
};

// TokenReview. A token that the server does not accept is an answer (authenticated false), not an error.
Task<Result<Identity>> review_token(std::shared_ptr<const Client> client, std::string token);

// SubjectAccessReview with all that the TokenReview said: a user may be allowed through a group alone.
Task<Result<Decision>> review_access(std::shared_ptr<const Client> client, Identity who, AccessQuestion question);

// SelfSubjectAccessReview: may we?
Task<Result<Decision>> review_own_access(std::shared_ptr<const Client> client, AccessQuestion question);

}  // namespace headwind::kube
