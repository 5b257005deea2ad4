// SPDX-License-Identifier: Apache-2.0
#include "app/sinks.hpp"

#include <algorithm>
#include <utility>

#include "app/heap.hpp"
#include "core/text.hpp"
#include "telemetry/log.hpp"
#include "update/settings.hpp"

namespace headwind::app {
namespace {

// Objects without a policy are not kept: most of a cluster costs nothing.
bool has_policy(const kube::Object& object) { return object.annotations.contains(update::annotation::policy); }

}  // namespace

Task<Result<>> WorkloadSink::upsert(std::vector<kube::Object> objects) {
  const auto wanted = std::partition(objects.begin(), objects.end(), has_policy);
  std::for_each(wanted, objects.end(), [&](const kube::Object& object) { removed(object); });
  objects.erase(wanted, objects.end());
  if (objects.empty()) co_return Result<>{};
  for (const kube::Object& object : objects)
    rollouts_.changed({kind_.kind, object.name_space, object.name}, object.json);
  Result<std::vector<inventory::Workload>> workloads = co_await read_workloads(kind_, std::move(objects));
  if (!workloads) co_return workloads.error();
  for (inventory::Workload& workload : *workloads) engine_.workload_changed(std::move(workload));
  co_return Result<>{};
}

void WorkloadSink::removed(const kube::Object& object) {
  engine_.workload_removed({kind_.kind, object.name_space, object.name});
}

void WorkloadSink::list_finished() {
  engine_.workload_list_finished(kind_.kind);
  give_back_memory();
}

void WorkloadSink::lost(const Error& error) {
  telemetry::warn("kube", "watch interrupted; trying again",
                  {{"collection", kind_.collection}, {"error", error.message}});
}

Task<Result<>> NamespaceSink::upsert(std::vector<kube::Object> objects) {
  for (const kube::Object& object : objects) {
    const auto said = object.annotations.find(update::annotation::suspend);
    // What is neither true nor false counts as true, as on a workload.
    engine_.namespace_seen(object.name, said != object.annotations.end() && to_lower(trim(said->second)) != "false");
  }
  co_return Result<>{};
}

void NamespaceSink::lost(const Error& error) {
  telemetry::warn("kube", "watch interrupted; trying again", {{"collection", "namespaces"}, {"error", error.message}});
  // Without the right to see them nobody can have meant it; check_cluster() names what is missing.
  if (error.code == Code::denied) engine_.namespaces_listed();
}

Task<Result<>> RequestSink::upsert(std::vector<kube::Object> objects) {
  for (const kube::Object& object : objects) {
    Result<update::UpdateRequest> request = update::request_from_json(object.json);
    if (request)
      engine_.request_changed(std::move(*request));
    else
      telemetry::warn("app", "UpdateRequest not understood", {{"error", request.error().message}});
  }
  co_return Result<>{};
}

void RequestSink::lost(const Error& error) {
  telemetry::warn("kube", "watch interrupted; trying again",
                  {{"collection", "updaterequests"}, {"error", error.message}});
}

}  // namespace headwind::app
