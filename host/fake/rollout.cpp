// SPDX-License-Identifier: Apache-2.0
#include "fake/rollout.hpp"

#include <charconv>

#include "core/hash.hpp"

namespace headwind::fake {
namespace {

constexpr const char* kRevision = "deployment.kubernetes.io/revision";
constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

const ResourceType& replica_sets() { return *find_resource("apps", "v1", "replicasets"); }

int revision_of(const Json& object) {
  const std::string text = text_at(object, {"metadata", "annotations", kRevision});
  int revision = 0;
  std::from_chars(text.data(), text.data() + text.size(), revision);
  return revision;
}

bool owned_by(const Json& object, const std::string& uid) {
  const Json* owners = find_at(object, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_array()) return false;
  for (const Json& owner : *owners) {
    if (text_at(owner, {"uid"}) == uid) return true;
  }
  return false;
}

std::string template_hash(const Json& workload) {
  const Json* pod = find_at(workload, {"spec", "template"});
  return sha256_hex(pod != nullptr ? pod->dump() : std::string()).substr(0, 10);
}

int replicas_of(const Json& workload) {
  const Json* replicas = find_at(workload, {"spec", "replicas"});
  return replicas != nullptr && replicas->is_number_integer() ? replicas->get<int>() : 1;
}

Json new_replica_set(const Json& deployment, const std::string& hash) {
  const std::string name = text_at(deployment, {"metadata", "name"});
  Json owner = {
      {"apiVersion", "apps/v1"}, {"kind", "Deployment"},       {"name", name},
      {"controller", true},      {"blockOwnerDeletion", true}, {"uid", text_at(deployment, {"metadata", "uid"})}};
  Json out = {{"apiVersion", "apps/v1"}, {"kind", "ReplicaSet"}};
  out["metadata"] = {{"name", name + "-" + hash},
                     {"namespace", text_at(deployment, {"metadata", "namespace"})},
                     {"ownerReferences", Json::array({owner})}};
  out["spec"]["selector"] = deployment["spec"]["selector"];
  out["spec"]["template"] = deployment["spec"]["template"];
  object_at(object_at(out["spec"], "selector"), "matchLabels")["pod-template-hash"] = hash;
  Json& labels = object_at(object_at(out["spec"]["template"], "metadata"), "labels");
  labels["pod-template-hash"] = hash;
  out["metadata"]["labels"] = labels;
  return out;
}

void set_condition(Json& status, const char* type, const char* reason, const char* message, const std::string& now) {
  Json& conditions = status["conditions"];
  if (!conditions.is_array()) conditions = Json::array();
  for (const Json& condition : conditions) {
    if (text_at(condition, {"type"}) == type) return;  // times of an unchanged condition stay
  }
  conditions.push_back({{"type", type},
                        {"status", "True"},
                        {"reason", reason},
                        {"message", message},
                        {"lastUpdateTime", now},
                        {"lastTransitionTime", now}});
}

}  // namespace

Rollout::Rollout(Store& store, Writer& writer, const Clock& clock, std::function<void(std::function<void()>)> defer)
    : store_(store), writer_(writer), clock_(clock), defer_(std::move(defer)) {
  store_.subscribe([this](const Change& change) { changed(change); });
}

void Rollout::changed(const Change& change) {
  const std::string name = text_at(*change.object, {"metadata", "name"});
  if (change.kind == ChangeKind::deleted) {
    const ObjectPtr gone = change.object;
    const bool is_namespace = change.type->plural == "namespaces";
    defer_([this, gone, name, is_namespace] { is_namespace ? collect_namespace(name) : collect(*gone); });
    return;
  }
  if (change.type->group != "apps" || change.type == &replica_sets()) return;
  const std::string name_space = text_at(*change.object, {"metadata", "namespace"});
  if (!queued_.emplace(change.type, object_key(name_space, name)).second) return;
  defer_([this, type = change.type, name_space, name] {
    queued_.erase({type, object_key(name_space, name)});
    reconcile(*type, name_space, name);
  });
}

void Rollout::reconcile(const ResourceType& type, const std::string& name_space, const std::string& name) {
  const ObjectPtr stored = store_.find(type, name_space, name);
  if (!stored) return;
  Json next = *stored;
  const Json* paused = find_at(next, {"spec", "paused"});
  if (paused != nullptr && *paused == true) return;
  if (type.kind == "Deployment") reconcile_replica_sets(next);
  // A new annotation moves the generation; the status must have seen it, so it is written second.
  Json& status = object_at(next, "status");
  const int replicas = replicas_of(next);
  const std::string now = format_rfc3339(clock_.unix_ms()).substr(0, 19) + "Z";
  const auto with_status = [&](const ObjectPtr& current) {
    status["observedGeneration"] = (*current)["metadata"].value("generation", 1);
    if (type.kind == "DaemonSet") {
      for (const char* field : {"currentNumberScheduled", "desiredNumberScheduled", "numberReady",
                                "updatedNumberScheduled", "numberAvailable"}) {
        status[field] = 1;
      }
      status["numberMisscheduled"] = 0;
      return;
    }
    for (const char* field : {"replicas", "updatedReplicas", "readyReplicas", "availableReplicas"})
      status[field] = replicas;
    if (type.kind == "StatefulSet") {
      status["currentReplicas"] = replicas;
      status["currentRevision"] = status["updateRevision"] = name + "-" + template_hash(next);
    } else {
      set_condition(status, "Available", "MinimumReplicasAvailable", "Deployment has minimum availability.", now);
      set_condition(status, "Progressing", "NewReplicaSetAvailable", "The rollout is complete.", now);
    }
  };
  ObjectPtr current = stored;
  if (next["metadata"] != (*stored)["metadata"]) {
    Json annotated = *stored;
    annotated["metadata"] = next["metadata"];
    current = writer_.put(type, std::move(annotated));
  }
  with_status(current);
  Json observed = *current;
  observed["status"] = next["status"];
  if (observed != *current) writer_.put(type, std::move(observed));
}

void Rollout::reconcile_replica_sets(Json& deployment) {
  const std::string uid = text_at(deployment, {"metadata", "uid"});
  const std::string name_space = text_at(deployment, {"metadata", "namespace"});
  const std::string hash = template_hash(deployment);
  int highest = 0;
  std::vector<ObjectPtr> owned;
  ObjectPtr current;
  for (const auto& [key, object] : store_.objects(replica_sets())) {
    if (text_at(*object, {"metadata", "namespace"}) != name_space || !owned_by(*object, uid)) continue;
    owned.push_back(object);
    highest = std::max(highest, revision_of(*object));
    if (text_at(*object, {"metadata", "labels", "pod-template-hash"}) == hash) current = object;
  }
  // A template that comes back keeps its ReplicaSet, which moves to the newest revision.
  const int revision = current && revision_of(*current) == highest ? highest : highest + 1;
  Json wanted = current ? *current : new_replica_set(deployment, hash);
  Json annotations = Json::object();
  if (const Json* from = find_at(deployment, {"metadata", "annotations"}); from != nullptr && from->is_object()) {
    annotations = *from;
    annotations.erase(kLastApplied);
  }
  annotations[kRevision] = std::to_string(revision);
  annotations["deployment.kubernetes.io/desired-replicas"] = std::to_string(replicas_of(deployment));
  wanted["metadata"]["annotations"] = std::move(annotations);
  const auto store_with_replicas = [&](Json replica_set, int replicas, const ObjectPtr& stored) {
    replica_set["spec"]["replicas"] = replicas;
    replica_set["status"]["replicas"] = replicas;
    replica_set["status"]["readyReplicas"] = replicas;
    if (!stored || replica_set != *stored) writer_.put(replica_sets(), std::move(replica_set));
  };
  for (const ObjectPtr& object : owned) {
    if (object != current) store_with_replicas(*object, 0, object);
  }
  store_with_replicas(std::move(wanted), replicas_of(deployment), current);
  object_at(object_at(deployment, "metadata"), "annotations")[kRevision] = std::to_string(revision);
}

void Rollout::collect(const Json& owner) {
  const std::string uid = text_at(owner, {"metadata", "uid"});
  for (const ResourceType& type : resource_types()) {
    const Store::Objects all = store_.objects(type);
    for (const auto& [key, object] : all) {
      if (!owned_by(*object, uid)) continue;
      store_.remove(type, text_at(*object, {"metadata", "namespace"}), text_at(*object, {"metadata", "name"}));
    }
  }
}

void Rollout::collect_namespace(const std::string& name) {
  for (const ResourceType& type : resource_types()) {
    if (!type.namespaced) continue;
    const Store::Objects all = store_.objects(type);
    for (const auto& [key, object] : all) {
      if (text_at(*object, {"metadata", "namespace"}) == name) {
        store_.remove(type, name, text_at(*object, {"metadata", "name"}));
      }
    }
  }
}

}  // namespace headwind::fake
