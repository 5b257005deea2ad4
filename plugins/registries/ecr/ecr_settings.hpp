// SPDX-License-Identifier: Apache-2.0
// The settings of this plugin: those of any registry plugin, and Amazon's own, for all hosts or for one of them.
//
//   {"region": "eu-west-1", "role_arn": "arn:aws:iam::123456789012:role/headwind",
//    "hosts": {"210987654321.dkr.ecr.eu-west-1.amazonaws.com":
//              {"access_key_id": "AKIA...", "secret_access_key_secret": "ecr-key", "pull_through": ["docker-hub/"]}}}
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/settings.hpp"
#include "registries/ecr/ecr_schema.hpp"

namespace headwind::registries::ecr {

struct AwsSettings {
  std::string region;                             // of the token service; default: AWS_REGION, else the registry's
  std::string api_endpoint;                       // default: as the registry's host name says
  std::string sts_endpoint, imds_endpoint;        // default: Amazon's
  std::string access_key_id;                      // with the name of a granted secret:
  std::string secret_access_key_secret;           //
  std::string session_token_secret;               // only for temporary keys
  std::string role_arn, web_identity_token_file;  // default: AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE
  std::vector<std::string> pull_through;          // beginnings of repository names that a cache rule serves
  bool public_login = false;                      // public.ecr.aws under our name rather than nobody's
  bool operator==(const AwsSettings&) const = default;
};

class EcrSettings {
 public:
  // Of JSON that the host has checked against settings_schema.
  static Outcome<EcrSettings> parse(std::string_view json);

  // What a host's own settings say, or those of the longest pattern that it matches, else the common ones. Keys, and
  // the role with its token, come as a whole from one.
  const AwsSettings& of(std::string_view host) const;
  const Settings& registries() const { return registries_; }
  bool names_secrets() const;

 private:
  Settings registries_;
  AwsSettings common_;
  std::map<std::string, AwsSettings, std::less<>> hosts_;
};

}  // namespace headwind::registries::ecr
