// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/replica_set_reader.hpp"

#include <algorithm>

#include "workloads/core/pod_reader.hpp"
#include "workloads/core/sentence.hpp"

namespace headwind::workloads {

std::string creation_failure(Value status) {
  std::string out;
  each(status["conditions"], 64, [&](Value condition) {
    if (text_of(condition["type"]) != "ReplicaFailure" || text_of(condition["status"]) != "True") return;
    if (text_of(condition["reason"]) == "FailedDelete") return;
    const auto message = text_of(condition["message"]);
    out = "pods cannot be created" + (message.empty() ? std::string() : ": " + quote(message));
  });
  return out;
}

ReplicaSet read_replica_set(Value root) {
  const Value metadata = root["metadata"], status = root["status"];
  ReplicaSet out;
  out.name = kept(metadata["name"]);
  out.uid = kept(metadata["uid"]);
  out.owner = owner_of(metadata);
  out.created = kept(metadata["creationTimestamp"]);
  out.template_hash = kept(metadata["labels"]["pod-template-hash"]);
  out.revision = count_in(text_of(metadata["annotations"]["deployment.kubernetes.io/revision"]));
  out.replicas = std::max<std::int64_t>(number_of(status["replicas"], 0), 0);
  out.failure = creation_failure(status);
  return out;
}

}  // namespace headwind::workloads
