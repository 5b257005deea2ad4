// SPDX-License-Identifier: Apache-2.0
// As whom we ask Amazon. The first of these that is set is the one; where it fails, that is told, and none of the
// others tried, since they would be somebody else:
//
//   settings: access_key_id, role_arn > AWS_ACCESS_KEY_ID > AWS_WEB_IDENTITY_TOKEN_FILE (IRSA)
//   > AWS_CONTAINER_CREDENTIALS_* (EKS pod identity) > instance metadata, unless AWS_EC2_METADATA_DISABLED
//
// Temporary keys are renewed five minutes before they expire, by one call for all.
#pragma once
#include <memory>
#include <string>

#include "registries/core/renewed.hpp"
#include "registries/ecr/credential_sources.hpp"
#include "registries/ecr/ecr_settings.hpp"

namespace headwind::registries::ecr {

class CredentialChain {  // safe from several threads
 public:
  // `region`: of the token service where neither the settings nor the environment name one.
  CredentialChain(AwsSettings settings, std::shared_ptr<const Environment> environment, std::string region)
      : settings_(std::move(settings)), environment_(std::move(environment)), region_(std::move(region)) {}

  Outcome<Keys> keys(Transport& transport);
  // Amazon does not accept `keys`. Whether others may be had.
  bool refuse(const Keys& keys, Transport& transport);

 private:
  Outcome<Keys> fetch(Transport& transport) const;
  Outcome<Keys> from_settings(Transport& transport) const;
  WebIdentity web_identity() const;

  const AwsSettings settings_;
  const std::shared_ptr<const Environment> environment_;
  const std::string region_;
  Renewed<Keys> temporary_{"Amazon"};
};

}  // namespace headwind::registries::ecr
