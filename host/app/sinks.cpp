// SPDX-License-Identifier: Apache-2.0
#include "app/sinks.hpp"

#include <algorithm>
#include <utility>

#include "app/chart_source.hpp"
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
  note_references(objects);
  const auto wanted = std::partition(objects.begin(), objects.end(), has_policy);
  std::for_each(wanted, objects.end(), [&](const kube::Object& object) { forget(object); });
  objects.erase(wanted, objects.end());
  if (objects.empty()) co_return Result<>{};
  for (const kube::Object& object : objects) {
    keep(object);
    rollouts_.changed({kind_.kind, object.name_space, object.name}, object.json);
  }
  const unsigned generation = kind_.related_objects ? kind_.related_objects->generation() : 0;
  Result<std::vector<inventory::Workload>> workloads = co_await read_workloads(kind_, std::move(objects));
  if (!workloads) co_return workloads.error();
  for (inventory::Workload& workload : *workloads) engine_.workload_changed(std::move(workload));
  if (kind_.related_objects && kind_.related_objects->generation() != generation) co_await read_again();
  co_return Result<>{};
}

void WorkloadSink::keep(const kube::Object& object) {
  if (kind_.related_objects) kept_[{object.name_space, object.name}] = {object, list_};
}

Task<> WorkloadSink::read_again() {
  news_ = true;
  if (reading_) co_return;
  reading_ = true;
  while (std::exchange(news_, false)) {
    std::vector<kube::Object> objects;
    objects.reserve(kept_.size());
    for (const auto& [name, kept] : kept_)
      if (is_current(kept)) objects.push_back(kept.object);
    Result<std::vector<inventory::Workload>> workloads = co_await read_workloads(kind_, std::move(objects));
    if (!workloads) {
      telemetry::warn("app", "workloads not read anew",
                      {{"kind", kind_.kind.str()}, {"error", workloads.error().message}});
      break;
    }
    for (inventory::Workload& workload : *workloads) {
      const auto kept = kept_.find({workload.key.name_space.str(), workload.key.name});
      if (kept != kept_.end() && is_current(kept->second)) engine_.workload_changed(std::move(workload));
    }
  }
  reading_ = false;
}

void WorkloadSink::list_started() {
  ++list_;
  listing_ = true;
  engine_.workload_list_started(kind_.kind);
}

// Of those without a policy, too: whoever moves what they share moves them.
void WorkloadSink::note_references(const std::vector<kube::Object>& objects) {
  if (!kind_.related_objects) return;
  bool shared = false;
  for (const kube::Object& object : objects)
    shared = kind_.related_objects->refer(object.name_space + "/" + object.name, version_holder(object.json), list_) ||
             shared;
  if (shared) kind_.related_objects->changed();
}

void WorkloadSink::removed(const kube::Object& object) {
  if (kind_.related_objects && kind_.related_objects->unrefer(object.name_space + "/" + object.name))
    kind_.related_objects->changed();
  forget(object);
}

void WorkloadSink::forget(const kube::Object& object) {
  kept_.erase({object.name_space, object.name});
  engine_.workload_removed({kind_.kind, object.name_space, object.name});
}

void WorkloadSink::list_finished() {
  std::erase_if(kept_, [&](const auto& one) { return one.second.list != list_; });
  listing_ = false;
  if (kind_.related_objects) kind_.related_objects->drop_other_references(list_);
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
  // Without the right to see them nobody can have meant it; tell_what_is_missing() does.
  if (error.code == Code::denied) engine_.namespaces_listed();
}

Task<Result<>> RequestSink::upsert(std::vector<kube::Object> objects) {
  std::vector<Result<update::UpdateRequest>> requests =
      co_await run_aside(aside_for(aside_, objects.size()), [&objects] {
        std::vector<Result<update::UpdateRequest>> read;
        read.reserve(objects.size());
        for (const kube::Object& object : objects) read.push_back(update::request_from_json(object.json));
        return read;
      });
  for (Result<update::UpdateRequest>& request : requests) {
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
