// SPDX-License-Identifier: Apache-2.0
// The two formats in which Kubernetes Secrets keep registry credentials, read as the kubelet reads them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace headwind::credentials {

struct Account {
  std::string username, password;
  std::string identity_token;  // "identitytoken", or the password of user "<token>": an OAuth2 refresh token
  std::string registry_token;  // "registrytoken": a ready Bearer token
  bool empty() const {
    return username.empty() && password.empty() && identity_token.empty() && registry_token.empty();
  }
  bool operator==(const Account&) const = default;
};

struct DockerConfig {
  struct Entry {
    std::string key;  // as it is written: "https://index.docker.io/v1/", "quay.io/coreos"
    Account account;
  };
  std::vector<Entry> entries;  // by key
};

enum class Format {
  dockerconfigjson,  // {"auths": {KEY: ACCOUNT}}
  dockercfg          // {KEY: ACCOUNT}
};

// Of a Secret of type kubernetes.io/dockercfg, or kubernetes.io/dockerconfigjson.
Format format_of(std::string_view secret_type);

// `text` is the Secret's value, decoded from base64, at most 1 MiB. "auth" wins over "username" and "password";
// credsStore and credHelpers name programs of somebody's laptop and are passed over. An entry that is malformed makes
// the whole text an error, as with the kubelet; the sentence names its key, never what it holds.
Result<DockerConfig> parse_docker_config(std::string_view text, Format format);

}  // namespace headwind::credentials
