// SPDX-License-Identifier: Apache-2.0
// Where the Authorization header comes from. Inner header of kube/.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "kube/client.hpp"

namespace headwind::kube {

constexpr std::size_t kLargestFile = 1U << 20U;

// A whole file, refused above kLargestFile. `what` begins the sentence of the error.
Result<std::string> read_file(const std::string& path, std::string_view what);

// Sets access.authorization (and access.unauthorized) to a token in a file that somebody else rotates: it is read
// again a minute after it was read, and at once when the server answered 401.
void use_token_file(Access& access, std::string path);

// An exec credential plugin as the kubeconfig describes it.
struct ExecPlugin {
  std::string api_version;  // client.authentication.k8s.io/v1 or v1beta1
  std::vector<std::string> command;
  std::vector<std::string> environment;  // "NAME=value", above ours
  std::string install_hint;
  std::string cluster_json;  // spec.cluster, where provideClusterInfo asks for it; else empty
};

// Sets access.authorization, access.unauthorized and access.current_tls: the plugin runs when there is no credential,
// when its expirationTimestamp is near, and after a 401. It may give a token, a client certificate, or both.
void use_exec_plugin(Access& access, Executor executor, ExecPlugin plugin);

}  // namespace headwind::kube
