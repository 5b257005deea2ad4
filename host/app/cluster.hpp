// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "config/config.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "kube/client.hpp"
#include "kube/config_map.hpp"

namespace headwind::app {

// Which cluster, and as whom: the configured kubeconfig, else the pod's service account, else $KUBECONFIG, else
// ~/.kube/config.
Result<kube::Access> find_cluster(const Executor& executor, const config::Config& config, const TextMap& environment);

// A ConfigMap that decides how we start: where the API server does not answer it is asked for about half a minute.
Task<Result<kube::ConfigMap>> read_patiently(std::shared_ptr<kube::Client> client, std::string name_space,
                                             std::string name);

// Asks the server whether we may do what we will have to do, and whether its UpdateRequest definition is ours
// (decisions 31), and logs one error for each thing that is missing, or that nothing is. Begins a second later: what a
// start waits for goes first.
Task<> tell_what_is_missing(std::shared_ptr<kube::Client> client, config::Config config);

// The collection of namespaces; with a name, of that one alone, which a role may be limited to.
std::string path_of_namespaces(const std::string& only);

}  // namespace headwind::app
