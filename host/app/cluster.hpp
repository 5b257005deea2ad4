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

// Asks the server whether we may do what we will have to do, and whether its UpdateRequest definition is ours
// (decisions 31). One sentence per thing that is missing; empty: all is well.
// A ConfigMap that decides how we start: where the API server does not answer it is asked for about half a minute.
Task<Result<kube::ConfigMap>> read_patiently(std::shared_ptr<kube::Client> client, std::string name_space,
                                             std::string name);

Task<std::vector<std::string>> check_cluster(std::shared_ptr<kube::Client> client, std::string name_space);

}  // namespace headwind::app
