// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "workloads/core/new_pods.hpp"
#include "workloads/core/replica_set_reader.hpp"
#include "workloads/core/verdict.hpp"

namespace headwind::workloads {
namespace {

struct Deployment {
  std::string uid;
  std::int64_t revision = -1;  // annotation of its controller; -1: none
  bool stale = false, paused = false;
  std::int64_t wanted = 0, updated = 0, all = 0, ready = 0, available = 0;
  std::string gave_up;  // sentence of the condition Progressing=False, ProgressDeadlineExceeded
  std::string refused;  // sentence of the condition ReplicaFailure

  bool is_rolled_out() const { return updated >= wanted && all <= updated; }
};

std::string deadline_message(Value status) {
  std::string out;
  each(status["conditions"], 64, [&](Value condition) {
    if (text_of(condition["type"]) != "Progressing" || text_of(condition["status"]) != "False" ||
        text_of(condition["reason"]) != "ProgressDeadlineExceeded")
      return;
    const auto message = text_of(condition["message"]);
    out = message.empty() ? "the rollout exceeded its progress deadline" : quote(message);
  });
  return out;
}

Deployment read(Value root) {
  const Value spec = root["spec"], status = root["status"], metadata = root["metadata"];
  Deployment out;
  out.uid = kept(metadata["uid"]);
  out.revision = count_in(text_of(metadata["annotations"]["deployment.kubernetes.io/revision"]));
  out.stale = is_stale(root);
  out.paused = bool_of(spec["paused"], false);
  out.wanted = pods_of(spec["replicas"], 1);
  out.updated = pods_of(status["updatedReplicas"], 0);
  out.all = pods_of(status["replicas"], 0);
  out.ready = pods_of(status["readyReplicas"], 0);
  out.available = pods_of(status["availableReplicas"], 0);
  out.gave_up = deadline_message(status);
  out.refused = creation_failure(status);
  return out;
}

struct ReplicaSets {
  const ReplicaSet* now = nullptr;  // the new one; null: it is not known which one is
  std::string last_replaced;        // when the youngest of the others was created; empty: there is none
  bool old_refused = false;         // one of the others cannot create pods
};

// The new ReplicaSet has the highest revision: the controller counts it up when it makes one, and when it takes one
// back into use. It then writes the number into the Deployment, so a ReplicaSet below that number is an old one, and
// the new one is not seen yet; one above it is the new one, and the Deployment is behind. One case is left where all
// numbers speak of the old one though the status is current: no ReplicaSet was made for the new template, because it is
// paused or its number of replicas changed too. Then no updated replicas are counted.
ReplicaSets find_sets(const std::vector<ReplicaSet>& all, const Deployment& deployment) {
  ReplicaSets out;
  for (const ReplicaSet& one : all) {
    if (deployment.uid.empty() || one.owner != deployment.uid || one.revision < 0) continue;
    if (one.revision >= deployment.revision && (!out.now || one.revision > out.now->revision)) out.now = &one;
  }
  if (out.now && out.now->replicas > 0 && deployment.updated == 0) out.now = nullptr;
  for (const ReplicaSet& one : all) {
    if (deployment.uid.empty() || one.owner != deployment.uid || &one == out.now) continue;
    out.last_replaced = std::max(out.last_replaced, one.created);
    out.old_refused = out.old_refused || !one.failure.empty();
  }
  return out;
}

bool belongs(const Pod& pod, const ReplicaSet& set) {
  if (!pod.owner.empty()) return pod.owner == set.uid;
  return !set.template_hash.empty() && pod.template_hash == set.template_hash;  // an orphan that will be adopted
}

NewPods new_pods(const std::vector<Pod>& all, const ReplicaSets& sets) {
  if (!sets.now) return {};
  std::vector<NewPod> out;
  for (const Pod& pod : all) {
    // A ReplicaSet is older than another one only where it came back. Of its pods, the older ones were there before.
    if (belongs(pod, *sets.now)) out.push_back({&pod, pod.created < sets.last_replaced});
  }
  return sum_up(std::move(out));
}

// After a rollback, both conditions may for a moment still speak of the ReplicaSet that was left.
std::string failed_condition(const Deployment& deployment, const ReplicaSets& sets) {
  const bool named = deployment.gave_up.find("ReplicaSet \"") != std::string::npos;
  if (!deployment.gave_up.empty() &&
      (!sets.now || !named || deployment.gave_up.find("\"" + sets.now->name + "\"") != std::string::npos))
    return deployment.gave_up;
  if (sets.now && !sets.now->failure.empty()) return sets.now->failure;
  return sets.now && sets.old_refused ? std::string() : deployment.refused;
}

std::string remaining(const Deployment& it) {
  if (it.updated < it.wanted) return progress(it.updated, it.wanted, "replicas are updated");
  if (it.all > it.updated) return count_of(it.all - it.updated, "old replica") + " still there";
  return progress(std::min(it.available, it.updated), it.updated, "updated replicas are available");
}

void judge(const Deployment& it, const ReplicaSets& sets, const NewPods& pods, Rollout& out) {
  if (it.stale) return conclude(out, State::running, not_seen);
  if (it.wanted == 0) return conclude(out, State::held, scaled_to_zero);
  if (it.paused && !it.is_rolled_out())
    return conclude(out, State::held, joined("it is paused: " + remaining(it), pods.failure));
  if (!pods.failure.empty()) return conclude(out, State::failed, pods.failure);
  if (it.is_rolled_out() && it.available >= it.updated) {
    if (!pods.pending.empty()) return conclude(out, State::running, pods.pending);
    return conclude(out, State::done, progress(it.updated, it.wanted, "replicas are updated and available"));
  }
  if (const std::string why = failed_condition(it, sets); !why.empty())
    return conclude(out, State::failed, joined(why, pods.pending));
  conclude(out, State::running, joined(remaining(it), pods.pending));
}

}  // namespace

bool read_deployment_rollout(std::string_view object, const Companions& companions, Rollout& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  const Deployment deployment = read(root);
  const ReplicaSets sets = find_sets(companions.replica_sets(), deployment);
  const NewPods pods = new_pods(companions.pods(), sets);
  count(out, pods.known ? pods.ready : std::min(deployment.ready, deployment.updated), deployment.wanted);
  judge(deployment, sets, pods, out);
  return true;
}

}  // namespace headwind::workloads
