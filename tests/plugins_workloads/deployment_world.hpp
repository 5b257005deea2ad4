// SPDX-License-Identifier: Apache-2.0
// A Deployment at revision 2, its ReplicaSets web-1aa (old) and web-2bb (new), and their pods.
#pragma once
#include "plugins_workloads/pod_world.hpp"

namespace headwind::workloads {

inline Json deployment_json(int updated, int all, int available, int replicas = 3) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "Deployment"},
          {"metadata",
           {{"name", "web"},
            {"namespace", "shop"},
            {"uid", "dep"},
            {"generation", 2},
            {"annotations", {{"deployment.kubernetes.io/revision", "2"}}}}},
          {"spec", {{"replicas", replicas}}},
          {"status",
           {{"observedGeneration", 2},
            {"replicas", all},
            {"updatedReplicas", updated},
            {"readyReplicas", available},
            {"availableReplicas", available}}}};
}

inline void add_condition(Json& object, const std::string& type, const std::string& status, const std::string& reason,
                          const std::string& message) {
  object["status"]["conditions"].push_back(
      {{"type", type}, {"status", status}, {"reason", reason}, {"message", message}});
}

inline Json replica_set_json(const std::string& hash, int revision, int replicas, const std::string& created,
                             const std::string& owner = "dep") {
  return {{"apiVersion", "apps/v1"},
          {"kind", "ReplicaSet"},
          {"metadata",
           {{"name", "web-" + hash},
            {"uid", "rs-" + hash},
            {"creationTimestamp", created},
            {"labels", {{"app", "web"}, {"pod-template-hash", hash}}},
            {"annotations", {{"deployment.kubernetes.io/revision", std::to_string(revision)}}},
            {"ownerReferences",
             Json::array({{{"kind", "Deployment"}, {"name", "web"}, {"uid", owner}, {"controller", true}}})}}},
          {"spec", {{"replicas", replicas}, {"template", Json::object()}}},
          {"status", {{"replicas", replicas}, {"observedGeneration", 1}}}};
}

inline const std::string long_ago = "2024-04-01T10:00:00Z", lately = "2024-05-01T09:59:00Z",
                         just_now = "2024-05-01T10:00:00Z";

inline Json old_set(int replicas = 3) { return replica_set_json("1aa", 1, replicas, long_ago); }
inline Json new_set(int replicas = 1) { return replica_set_json("2bb", 2, replicas, lately); }

inline PodJson pod_of(const std::string& hash, const std::string& suffix) {
  return PodJson("web-" + hash + "-" + suffix).owner("ReplicaSet", "rs-" + hash).label("pod-template-hash", hash);
}
inline PodJson old_pod(const std::string& suffix) { return pod_of("1aa", suffix).created(long_ago); }
inline PodJson new_pod(const std::string& suffix) { return pod_of("2bb", suffix).created(just_now); }

// Both ReplicaSets, and these pods.
inline Texts with_sets(std::vector<PodJson> pods, const Json& newer = new_set(), const Json& older = old_set()) {
  Texts out{older.dump(), newer.dump()};
  for (const PodJson& pod : pods) out.push_back(pod.text());
  return out;
}

}  // namespace headwind::workloads
