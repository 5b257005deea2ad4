// SPDX-License-Identifier: Apache-2.0
// Kubernetes objects from anywhere: each image is where its pointer says, next to its guard.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "workloads/core/pod_template.hpp"

namespace workloads = headwind::workloads;

namespace {

// Where a member stands twice, readers may differ on which one counts; the API server never sends such objects.
nlohmann::json parse_unambiguous(std::string_view object) {
  bool twice = false;
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
  auto json = nlohmann::json::parse(object, watch, false);
  return twice ? nlohmann::json(nlohmann::json::value_t::discarded) : json;
}

void check(std::string_view object, const char* kind, const char* pod_template) {
  std::vector<workloads::Image> images;
  std::string error;
  if (!workloads::read_images(object, kind, pod_template, images, error) && error.empty()) std::abort();
  if (images.empty()) return;
  const auto json = parse_unambiguous(object);
  if (json.is_discarded()) return;
  for (const auto& image : images) {
    if (json.at(nlohmann::json::json_pointer(image.pointer)) != image.reference) std::abort();
    if (json.at(nlohmann::json::json_pointer(image.guard_pointer)) != image.guard_value) std::abort();
    if (image.slot != "containers/" + image.guard_value && image.slot != "initContainers/" + image.guard_value)
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view object(reinterpret_cast<const char*>(data), size);
  check(object, "Deployment", "/spec/template");
  check(object, "CronJob", "/spec/jobTemplate/spec/template");
  return 0;
}
