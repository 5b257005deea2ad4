// SPDX-License-Identifier: Apache-2.0
#include "app/sinks.hpp"

#include <algorithm>
#include <utility>

#include "app/heap.hpp"
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
