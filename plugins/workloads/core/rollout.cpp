// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "workloads/core/json_object.hpp"
#include "workloads/core/pod_template.hpp"

namespace headwind::workloads {
namespace {

std::int32_t clamp(std::int64_t value) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, 0, std::numeric_limits<std::int32_t>::max()));
}

void set(Rollout& out, State state, std::string reason) {
  out.state = state;
  out.reason = std::move(reason);
}

std::string progress(std::string_view what, std::int64_t have, std::int64_t want) {
  return std::to_string(have) + " of " + std::to_string(want) + " " + std::string(what);
}

// The controller has not looked at this spec yet: its status speaks of an older one.
bool is_stale(Value root) {
  return number_of(root["status"]["observedGeneration"], 0) < number_of(root["metadata"]["generation"], 0);
}

constexpr const char* stale = "the controller has not seen the change yet";
constexpr const char* by_hand = "its update strategy is OnDelete: pods change when somebody deletes them";

// The message of the condition that says that a Deployment gave up, or nothing.
std::string_view deadline_message(Value status) {
  simdjson::dom::array conditions;
  if (status["conditions"].get(conditions)) return {};
  for (const Value condition : conditions) {
    if (text_of(condition["type"]) != "Progressing" || text_of(condition["reason"]) != "ProgressDeadlineExceeded")
      continue;
    const auto message = text_of(condition["message"]);
    return message.empty() ? "the rollout exceeded its progress deadline" : message.substr(0, 1000);
  }
  return {};
}

}  // namespace

bool read_deployment_rollout(std::string_view object, Rollout& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  const Value status = root["status"];
  const auto wanted = number_of(root["spec"]["replicas"], 1);
  const auto updated = number_of(status["updatedReplicas"], 0);
  const auto all = number_of(status["replicas"], 0);
  const auto available = number_of(status["availableReplicas"], 0);
  bool paused = false;
  if (root["spec"]["paused"].get(paused)) paused = false;
  out.ready = clamp(number_of(status["readyReplicas"], 0));
  out.wanted = clamp(wanted);
  if (is_stale(root))
    set(out, State::running, stale);
  else if (const auto message = deadline_message(status); !message.empty())
    set(out, State::failed, std::string(message));
  else if (updated < wanted)
    set(out, State::running, progress("replicas are updated", updated, wanted) + (paused ? "; it is paused" : ""));
  else if (all > updated)
    set(out, State::running, std::to_string(all - updated) + " old replicas are still there");
  else if (available < updated)
    set(out, State::running, progress("updated replicas are available", available, updated));
  else
    set(out, State::done, progress("replicas are updated and available", updated, wanted));
  return true;
}

bool read_statefulset_rollout(std::string_view object, Rollout& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  const Value status = root["status"], strategy = root["spec"]["updateStrategy"];
  const auto wanted = number_of(root["spec"]["replicas"], 1);
  const auto ready = number_of(status["readyReplicas"], 0);
  const auto updated = number_of(status["updatedReplicas"], 0);
  const auto partition = std::clamp<std::int64_t>(number_of(strategy["rollingUpdate"]["partition"], 0), 0, wanted);
  const auto target = text_of(status["updateRevision"]);
  // Once all pods are of the new revision the controller makes it the current one, and may drop updatedReplicas.
  const bool settled = !target.empty() && text_of(status["currentRevision"]) == target;
  out.ready = clamp(ready);
  out.wanted = clamp(wanted);
  if (is_stale(root))
    set(out, State::running, stale);
  else if (!settled && updated < wanted - partition)
    set(out, State::running,
        text_of(strategy["type"]) == "OnDelete" ? std::string(by_hand)
                                                : progress("replicas are updated", updated, wanted - partition));
  else if (ready < wanted)
    set(out, State::running, progress("replicas are ready", ready, wanted));
  else if (!settled && partition == 0)
    set(out, State::running, "the new revision is not the current one yet");
  else
    set(out, State::done, progress("replicas are updated and ready", settled ? ready : updated, wanted));
  return true;
}

bool read_daemonset_rollout(std::string_view object, Rollout& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  const Value status = root["status"];
  const auto wanted = number_of(status["desiredNumberScheduled"], 0);
  const auto updated = number_of(status["updatedNumberScheduled"], 0);
  const auto available = number_of(status["numberAvailable"], 0);
  out.ready = clamp(number_of(status["numberReady"], 0));
  out.wanted = clamp(wanted);
  if (is_stale(root))
    set(out, State::running, stale);
  else if (updated < wanted)
    set(out, State::running,
        text_of(root["spec"]["updateStrategy"]["type"]) == "OnDelete" ? std::string(by_hand)
                                                                      : progress("nodes are updated", updated, wanted));
  else if (available < wanted)
    set(out, State::running, progress("updated pods are available", available, wanted));
  else
    set(out, State::done, progress("nodes are updated and available", updated, wanted));
  return true;
}

}  // namespace headwind::workloads
