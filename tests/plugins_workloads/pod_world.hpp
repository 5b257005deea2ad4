// SPDX-License-Identifier: Apache-2.0
// Pods, ReplicaSets and their owners as a cluster shows them. Each container status carries texts of the container's
// own, which no verdict may show.
#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/core/rollout.hpp"

namespace headwind::workloads {

using Json = nlohmann::json;

inline constexpr const char* secret_log = "panic: cannot log in with password=hunter2";

inline Json ended(int exit_code, const std::string& reason) {
  return {{"exitCode", exit_code},
          {"reason", reason},
          {"message", secret_log},
          {"startedAt", "2024-05-01T10:00:10Z"},
          {"finishedAt", "2024-05-01T10:00:12Z"},
          {"containerID", "containerd://0f"}};
}

inline Json container_status(const std::string& name, Json state, bool ready, int restarts) {
  return {{"name", name},
          {"image", "ghcr.io/acme/web:2"},
          {"imageID", ""},
          {"state", std::move(state)},
          {"lastState", Json::object()},
          {"ready", ready},
          {"started", ready},
          {"restartCount", restarts}};
}

inline Json running(const std::string& name, bool ready = true, int restarts = 0) {
  Json out = container_status(name, {{"running", {{"startedAt", "2024-05-01T10:00:10Z"}}}}, ready, restarts);
  out["started"] = true;
  if (restarts > 0) out["lastState"]["terminated"] = ended(1, "Error");
  return out;
}

inline Json waiting(const std::string& name, const std::string& reason, const std::string& message = "",
                    int restarts = 0) {
  Json why = {{"reason", reason}};
  if (!message.empty()) why["message"] = message;
  Json out = container_status(name, {{"waiting", why}}, false, restarts);
  if (restarts > 0) out["lastState"]["terminated"] = ended(1, "Error");
  return out;
}

inline Json terminated(const std::string& name, int exit_code, const std::string& reason = "Error", int restarts = 0) {
  return container_status(name, {{"terminated", ended(exit_code, reason)}}, exit_code == 0, restarts);
}

inline Json crashing(const std::string& name, int restarts = 3) {
  return waiting(name, "CrashLoopBackOff",
                 "back-off 10s restarting failed container=" + name + " pod=web-5d9-abc_shop(7e0c)", restarts);
}

// Running and ready with one container "app", unless told otherwise.
class PodJson {
 public:
  explicit PodJson(const std::string& name) {
    json_ = {{"apiVersion", "v1"},
             {"kind", "Pod"},
             {"metadata",
              {{"name", name},
               {"namespace", "shop"},
               {"uid", "uid-" + name},
               {"creationTimestamp", "2024-05-01T10:00:00Z"},
               {"labels", {{"app", "web"}}}}},
             {"spec",
              {{"nodeName", "node-1"},
               {"restartPolicy", "Always"},
               {"containers", Json::array({{{"name", "app"}, {"image", "ghcr.io/acme/web:2"}}})}}},
             {"status", {{"phase", "Running"}, {"containerStatuses", Json::array({running("app")})}}}};
  }

  PodJson& owner(const std::string& kind, const std::string& uid, bool controller = true) {
    json_["metadata"]["ownerReferences"].push_back({{"apiVersion", "apps/v1"},
                                                    {"kind", kind},
                                                    {"name", "web"},
                                                    {"uid", uid},
                                                    {"controller", controller},
                                                    {"blockOwnerDeletion", true}});
    return *this;
  }
  PodJson& label(const std::string& key, const std::string& value) {
    json_["metadata"]["labels"][key] = value;
    return *this;
  }
  PodJson& created(const std::string& time) {
    json_["metadata"]["creationTimestamp"] = time;
    return *this;
  }
  PodJson& deleting() {
    json_["metadata"]["deletionTimestamp"] = "2024-05-01T10:05:00Z";
    return *this;
  }
  PodJson& containers(std::vector<Json> statuses) {
    json_["status"]["containerStatuses"] = std::move(statuses);
    return *this;
  }
  PodJson& inits(std::vector<Json> statuses, const std::string& restart_policy = "") {
    for (const Json& one : statuses) {
      Json container = {{"name", one["name"]}, {"image", "ghcr.io/acme/init:2"}};
      if (!restart_policy.empty()) container["restartPolicy"] = restart_policy;
      json_["spec"]["initContainers"].push_back(container);
    }
    json_["status"]["initContainerStatuses"] = std::move(statuses);
    return *this;
  }
  PodJson& phase(const std::string& name, const std::string& reason = "") {
    json_["status"]["phase"] = name;
    if (!reason.empty()) json_["status"]["reason"] = reason;
    return *this;
  }
  PodJson& condition(const std::string& type, const std::string& status, const std::string& reason = "",
                     const std::string& message = "") {
    Json one = {{"type", type}, {"status", status}, {"lastTransitionTime", "2024-05-01T10:00:12Z"}};
    if (!reason.empty()) one["reason"] = reason;
    if (!message.empty()) one["message"] = message;
    json_["status"]["conditions"].push_back(one);
    return *this;
  }
  PodJson& unschedulable(const std::string& message) {
    phase("Pending").condition("PodScheduled", "False", "Unschedulable", message);
    json_["spec"].erase("nodeName");
    json_["status"].erase("containerStatuses");
    return *this;
  }
  Json& json() { return json_; }

  std::string text() const {
    Json out = json_;
    bool has_ready = false, ready = out["status"]["phase"] == "Running";
    for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
      for (const Json& one : out["status"].value(list, Json::array())) ready = ready && one["ready"] == true;
    }
    for (const Json& one : out["status"].value("conditions", Json::array()))
      has_ready = has_ready || one["type"] == "Ready";
    if (!has_ready) out["status"]["conditions"].push_back({{"type", "Ready"}, {"status", ready ? "True" : "False"}});
    return out.dump();
  }

 private:
  Json json_;
};

using Texts = std::vector<std::string>;
using Reader = bool (*)(std::string_view, const Companions&, Rollout&, std::string&);

// What a reader says; whatever it says is a bounded sentence and shows nothing that a container wrote.
inline Rollout verdict(Reader reader, const Json& object, const Texts& companions = {}) {
  Companions found;
  for (const std::string& one : companions) found.add(one);
  Rollout out;
  std::string error;
  EXPECT_TRUE(reader(object.dump(), found, out, error)) << error;
  EXPECT_FALSE(out.reason.empty());
  EXPECT_LE(out.reason.size(), 512u);
  EXPECT_EQ(out.reason.find("hunter2"), std::string::npos) << out.reason;
  return out;
}

}  // namespace headwind::workloads
