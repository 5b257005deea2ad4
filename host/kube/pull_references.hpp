// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace headwind::kube {

// Who a pod is and what it pulls with, as the pod template of a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or
// CronJob says, or of anything else that keeps it in the same place; empty where there is none. Read by facts.hpp.
struct PullReferences {
  std::string service_account;     // empty: "default"
  std::vector<std::string> names;  // of spec.imagePullSecrets
};

// The same list of a ServiceAccount: what the API server puts into its pods.
std::vector<std::string> pull_secrets_of_account(std::string_view json);

// A Secret's type and the value that belongs to that type, decoded from base64: .dockerconfigjson or .dockercfg.
struct PullSecret {
  std::string type;
  std::string value;  // empty where the Secret is of another type or lacks the key
};
PullSecret pull_secret(std::string_view json);

// The keys username and password of a Secret, whatever its type: how Flux logs in at a repository of charts. Both are
// empty where one is missing.
struct BasicLogin {
  std::string username, password;
};
BasicLogin basic_login(std::string_view json);

// The keys ca.crt, tls.crt and tls.key of a Secret, whatever its type, or else caFile, certFile and keyFile, which Flux
// had before. Empty where one is missing.
struct TlsFiles {
  std::string ca, certificate, key;
};
TlsFiles tls_files(std::string_view json);

}  // namespace headwind::kube
