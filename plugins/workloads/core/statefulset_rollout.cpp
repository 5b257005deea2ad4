// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "workloads/core/new_pods.hpp"
#include "workloads/core/verdict.hpp"

namespace headwind::workloads {
namespace {

struct StatefulSet {
  std::string uid, revision;  // name of the ControllerRevision of the present template
  bool stale = false, on_delete = false;
  bool settled = false;  // the present template is that of before: complete, or rolled back to
  bool waits_after_ready = false;
  std::int64_t wanted = 0, partition = 0, updated = 0, ready = 0, available = 0;

  // The highest ordinals are updated, the others stay; where it is settled, these are of the present template, too, and
  // the status counts them with the others.
  std::int64_t kept() const { return settled ? 0 : partition; }
  std::int64_t target() const { return wanted - kept(); }
};

StatefulSet read(Value root) {
  const Value spec = root["spec"], status = root["status"], strategy = spec["updateStrategy"];
  StatefulSet out;
  out.uid = kept(root["metadata"]["uid"]);
  out.revision = kept(status["updateRevision"]);
  out.stale = is_stale(root);
  out.on_delete = text_of(strategy["type"]) == "OnDelete";
  out.settled = !out.revision.empty() && text_of(status["currentRevision"]) == out.revision;
  out.waits_after_ready = number_of(spec["minReadySeconds"], 0) > 0;
  out.wanted = pods_of(spec["replicas"], 1);
  if (!out.on_delete) out.partition = std::min(pods_of(strategy["rollingUpdate"]["partition"], 0), out.wanted);
  out.updated = pods_of(status["updatedReplicas"], 0);
  out.ready = pods_of(status["readyReplicas"], 0);
  out.available = pods_of(status["availableReplicas"], out.ready);  // API servers before 1.22 have no such field
  return out;
}

struct Seen {
  NewPods now;
  const Pod* blocking = nullptr;  // of an older revision, and broken
};

Seen see(const std::vector<Pod>& all, const StatefulSet& set) {
  std::vector<NewPod> now;
  Seen out;
  for (const Pod& pod : all) {
    if (set.uid.empty() || set.revision.empty() || pod.owner != set.uid) continue;
    if (pod.revision_hash == set.revision)
      now.push_back({&pod, set.settled});  // where it is settled, nothing tells a pod of before from one of now
    else if (!pod.leaving && !pod.failure.empty() && (!out.blocking || pod.name < out.blocking->name))
      out.blocking = &pod;
  }
  out.now = sum_up(std::move(now));
  return out;
}

// The controller updates no further pod while one is not ready, and it replaces none because it is broken. After a
// rollback of a revision that never became ready, only a person gets it going.
std::string blockage(const Pod& pod) {
  return "a pod of an older revision is broken and may have to be deleted by hand: " + pod.failure;
}

std::string lacking(const StatefulSet& it, const Seen& seen) {
  const std::string updated = progress(it.updated, it.target(), "replicas are updated");
  if (!seen.now.pending.empty()) return joined(updated, seen.now.pending);
  return seen.blocking ? joined(updated, blockage(*seen.blocking)) : updated;
}

// How many of the updated pods count as available. With a partition, the status mixes them with those that stay.
std::int64_t serving(const StatefulSet& it, const Seen& seen) {
  if (it.kept() > 0 && seen.now.known && !it.waits_after_ready) return seen.now.ready;
  return std::max<std::int64_t>(it.available - it.kept(), 0);
}

void judge(const StatefulSet& it, const Seen& seen, Rollout& out) {
  if (it.stale) return conclude(out, State::running, not_seen);
  if (it.wanted == 0) return conclude(out, State::held, scaled_to_zero);
  if (!seen.now.failure.empty()) return conclude(out, State::failed, seen.now.failure);
  if (it.target() == 0)
    return conclude(out, State::held, "its partition is at or above its replicas: no pod is to be updated");
  if (it.updated < it.target()) {
    if (it.on_delete) return conclude(out, State::held, joined(by_hand, lacking(it, seen)));
    return conclude(out, State::running, lacking(it, seen));
  }
  if (!seen.now.pending.empty()) return conclude(out, State::running, seen.now.pending);
  const std::int64_t up = serving(it, seen);
  if (up < it.target())
    return conclude(out, State::running, progress(up, it.target(), "updated replicas are available"));
  if (it.kept() > 0)
    return conclude(out, State::done,
                    progress(it.target(), it.wanted, "replicas are updated and available; its partition keeps ") +
                        count_of(it.kept(), "replica") + " at the older revision");
  // With OnDelete the controller never makes a revision the current one.
  if (!it.settled && !it.on_delete) return conclude(out, State::running, "the new revision is not the current one yet");
  conclude(out, State::done, progress(it.updated, it.wanted, "replicas are updated and available"));
}

}  // namespace

bool read_statefulset_rollout(std::string_view object, const Companions& companions, Rollout& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  const StatefulSet set = read(root);
  const Seen seen = see(companions.pods(), set);
  count(out, seen.now.known ? seen.now.ready : std::min(set.ready, set.updated), set.target());
  judge(set, seen, out);
  return true;
}

}  // namespace headwind::workloads
