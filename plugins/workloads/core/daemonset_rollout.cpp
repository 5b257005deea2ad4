// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "workloads/core/new_pods.hpp"
#include "workloads/core/verdict.hpp"

namespace headwind::workloads {
namespace {

struct DaemonSet {
  std::string uid;
  std::int64_t generation = -1;  // of its template; -1: not told
  bool stale = false, on_delete = false;
  std::int64_t wanted = 0, updated = 0, ready = 0, available = 0;  // nodes
};

DaemonSet read(Value root) {
  const Value status = root["status"], metadata = root["metadata"];
  DaemonSet out;
  out.uid = kept(metadata["uid"]);
  out.generation = count_in(text_of(metadata["annotations"]["deprecated.daemonset.template.generation"]));
  out.stale = is_stale(root);
  out.on_delete = text_of(root["spec"]["updateStrategy"]["type"]) == "OnDelete";
  out.wanted = pods_of(status["desiredNumberScheduled"], 0);
  out.updated = pods_of(status["updatedNumberScheduled"], 0);
  out.ready = pods_of(status["numberReady"], 0);
  out.available = pods_of(status["numberAvailable"], 0);
  return out;
}

struct Revision {
  std::int64_t generation = -1;
  std::string hash;
};

// A DaemonSet's status does not name its revision, so it is found by the generation of the template. The API server
// counts it up whenever the template changes and shows it as an annotation (pkg/registry/apps/daemonset/strategy.go,
// pkg/apis/apps/v1/conversion.go); the controller labels each pod that it makes with it, beside the revision's hash
// (pkg/controller/daemon/util: CreatePodTemplate). The hash counts too, as it does for the controller (IsPodUpdated):
// after a rollback, the pods that were never replaced have the right hash and an older generation.
Revision newest(const std::vector<const Pod*>& pods, const DaemonSet& set) {
  Revision out{set.generation, {}};
  if (out.generation < 0 && set.updated > 0) {
    for (const Pod* pod : pods) out.generation = std::max(out.generation, pod->template_generation);
  }
  const Pod* youngest = nullptr;
  for (const Pod* pod : pods) {
    if (out.generation < 0 || pod->template_generation != out.generation) continue;
    if (!youngest || youngest->created < pod->created) youngest = pod;
  }
  if (youngest) out.hash = youngest->revision_hash;
  if (youngest || set.updated == 0) return out;
  // No pod was made since the template changed, and yet the controller counts updated ones: a rollback. Which ones they
  // are is plain where all have the same hash.
  for (const Pod* pod : pods) {
    if (pod->leaving) continue;
    if (!out.hash.empty() && out.hash != pod->revision_hash) return {out.generation, {}};
    out.hash = pod->revision_hash;
  }
  return out;
}

NewPods new_pods(const std::vector<Pod>& all, const DaemonSet& set) {
  std::vector<const Pod*> own;
  for (const Pod& pod : all) {
    if (!set.uid.empty() && pod.owner == set.uid) own.push_back(&pod);
  }
  const Revision now = newest(own, set);
  std::vector<NewPod> out;
  for (const Pod* pod : own) {
    const bool same_generation = now.generation >= 0 && pod->template_generation == now.generation;
    if (same_generation || (!now.hash.empty() && pod->revision_hash == now.hash))
      out.push_back({pod, !same_generation});
  }
  return sum_up(std::move(out));
}

void judge(const DaemonSet& it, const NewPods& pods, Rollout& out) {
  if (it.stale) return conclude(out, State::running, not_seen);
  if (it.wanted == 0) return conclude(out, State::held, "no node is to run it: nothing runs, so nothing is proven");
  if (!pods.failure.empty()) return conclude(out, State::failed, pods.failure);
  const std::string updated = progress(it.updated, it.wanted, "nodes are updated");
  if (it.updated < it.wanted && it.on_delete)
    return conclude(out, State::held, joined(joined(by_hand, updated), pods.pending));
  if (it.updated < it.wanted) return conclude(out, State::running, joined(updated, pods.pending));
  if (!pods.pending.empty()) return conclude(out, State::running, pods.pending);
  if (it.available < it.wanted)
    return conclude(out, State::running, progress(it.available, it.wanted, "updated pods are available"));
  conclude(out, State::done, progress(it.updated, it.wanted, "nodes are updated and available"));
}

}  // namespace

bool read_daemonset_rollout(std::string_view object, const Companions& companions, Rollout& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  const DaemonSet set = read(root);
  const NewPods pods = new_pods(companions.pods(), set);
  count(out, pods.known ? pods.ready : std::min(set.ready, set.updated), set.wanted);
  judge(set, pods, out);
  return true;
}

}  // namespace headwind::workloads
