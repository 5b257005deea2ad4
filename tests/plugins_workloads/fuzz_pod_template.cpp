// SPDX-License-Identifier: Apache-2.0
// Kubernetes objects from anywhere: each image is where its pointer says, next to its guard.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "workloads/core/pod_template.hpp"

namespace workloads = headwind::workloads;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view object(reinterpret_cast<const char*>(data), size);
  std::vector<workloads::Image> images;
  std::string error;
  if (!workloads::read_images(object, "Deployment", images, error) && error.empty()) std::abort();
  // Where a member stands twice, readers may differ on which one counts; the API server never sends such objects.
  bool twice = false;
  if (!images.empty()) {
    std::vector<std::vector<std::string>> keys;
    const auto watch = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& value) {
      using Event = nlohmann::json::parse_event_t;
      if (event == Event::object_start) keys.emplace_back();
      if (event == Event::object_end && !keys.empty()) keys.pop_back();
      if (event == Event::key) {
        const auto name = value.get<std::string>();
        for (const auto& other : keys.back()) twice = twice || other == name;
        keys.back().push_back(name);
      }
      return true;
    };
    const auto json = nlohmann::json::parse(object, watch, false);
    if (!json.is_discarded() && !twice)
      for (const auto& image : images) {
        if (json.at(nlohmann::json::json_pointer(image.pointer)) != image.reference) std::abort();
        if (json.at(nlohmann::json::json_pointer(image.guard_pointer)) != image.guard_value) std::abort();
        if (image.slot != "containers/" + image.guard_value) std::abort();
      }
  }
  for (const auto reader :
       {workloads::read_deployment_rollout, workloads::read_statefulset_rollout, workloads::read_daemonset_rollout}) {
    workloads::Rollout rollout;
    if (reader(object, rollout, error) && (rollout.reason.empty() || rollout.ready < 0 || rollout.wanted < 0))
      std::abort();
  }
  return 0;
}
