// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/related.hpp"
#include "core/aside.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "inventory/workload.hpp"
#include "kube/client.hpp"
#include "kube/object.hpp"
#include "plugin/host.hpp"

namespace headwind::app {

// One kind of workload: who reads it, and where the API server keeps it. Which of its versions is served may become
// known later, when somebody installs its definition.
struct WorkloadKind {
  plugin::Workload reader;
  Symbol kind, api_version, plural;
  std::string collection;                    // "/apis/apps/v1/deployments"
  std::vector<std::string> companions = {};  // "apps/v1/replicasets": what its rollout is judged by, beside it
  std::string group = {};
  std::vector<std::string> versions = {};  // of its group, in the plugin's order of preference
  std::vector<std::string> related = {};   // "source.toolkit.fluxcd.io/helmrepositories": what its objects refer to
  std::shared_ptr<RelatedObjects> related_objects = {};  // of those kinds; null where there are none
  bool keeps_labels = false;                             // of all workloads: routes of notifications ask for them
  // Hears of objects that the plugin cannot read, and why; may be empty.
  std::function<void(const WorkloadKind& kind, const std::string& name_space, const std::string& name,
                     const std::string& uid, const std::string& sentence)>
      not_read = {};
  std::shared_ptr<Aside> aside = {};  // where pages of its objects are read; null: on the loop
};

// All kinds, as they are known now; in place, for all who hold it.
using Kinds = std::shared_ptr<std::vector<WorkloadKind>>;
const WorkloadKind* find_kind(const Kinds& kinds, Symbol kind);

// The kind as that version of its group serves it.
void set_version(WorkloadKind& kind, const std::string& version);

// Asks every workload plugin what it serves.
// Without those of quarantined instances.
Task<Result<std::vector<WorkloadKind>>> describe_kinds(const plugin::Host& host);

// Objects of one kind as the inventory keeps them, in their order; one hop to the plugin for all of them. Objects that
// the plugin cannot read have no slots and are inventory::Workload::not_read, with a log line and a call of
// WorkloadKind::not_read: what was known of their images counts no more, and what people approved for them waits.
Task<Result<std::vector<inventory::Workload>>> read_workloads(WorkloadKind kind, std::vector<kube::Object> objects);

}  // namespace headwind::app
