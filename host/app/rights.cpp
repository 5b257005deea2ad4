// SPDX-License-Identifier: Apache-2.0
#include "app/rights.hpp"

namespace headwind::app {

Error without_our_rights(Error error) {
  if (error.code != Code::denied) return error;
  // "... is forbidden: User "system:serviceaccount:..." cannot patch resource "deployments" in API group ..."
  const std::size_t user = error.message.find("User \"");
  const std::size_t cannot = user == std::string::npos ? user : error.message.find("\" cannot ", user);
  if (cannot == std::string::npos || error.message.find(" resource ", cannot) == std::string::npos) return error;
  error.code = Code::unavailable;
  error.retryable = true;
  error.message += "; apply deploy/20-rbac.yaml";
  return error;
}

Error without_definition(Error error) {
  if (error.code != Code::not_found || error.message.find("could not find the requested resource") == std::string::npos)
    return error;
  error.code = Code::unavailable;
  error.retryable = true;
  error.message += " (UpdateRequest is not defined in this cluster; apply deploy/10-crd.yaml)";
  return error;
}

}  // namespace headwind::app
