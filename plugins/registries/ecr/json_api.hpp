// SPDX-License-Identifier: Apache-2.0
// Calls of ECR's JSON API (AWS JSON 1.1), signed, with Amazon's errors as codes and sentences.
//
// Keys that have expired are replaced once. An error names the call and the remedy: for a missing right, the IAM
// action.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "registries/ecr/credential_chain.hpp"

namespace headwind::registries::ecr {

struct ApiEndpoint {
  std::string url;     // without a slash at its end
  std::string region;  // that signatures name
  bool is_public = false;
};

class JsonApi {
 public:
  JsonApi(ApiEndpoint endpoint, std::shared_ptr<CredentialChain> chain)
      : endpoint_(std::move(endpoint)), chain_(std::move(chain)) {}

  // The answer's object. `what` is what it is asked about, for errors: "team/app:1.0".
  Outcome<nlohmann::json> call(const std::string& operation, const nlohmann::json& arguments, const std::string& what,
                               Transport& transport);

  const ApiEndpoint& endpoint() const { return endpoint_; }

 private:
  Failure failure_of(const Response& response, const std::string& operation, const std::string& what,
                     Transport& transport) const;
  std::string service() const { return endpoint_.is_public ? "ecr-public" : "ecr"; }

  const ApiEndpoint endpoint_;
  const std::shared_ptr<CredentialChain> chain_;
};

// "ThrottlingException" of an answer that is not 200, from its body or header; empty where it names none.
std::string error_name(const Response& response);

}  // namespace headwind::registries::ecr
