// SPDX-License-Identifier: Apache-2.0
// The custom resource Site of example.com/v1, which has one image: spec.image.
#include <headwind/sdk.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

class Sample : public hw::workload {
 public:
  // The kind of object that this serves. Headwind lists and watches it, and shows each object to the functions below.
  hw::target describe() { return {.group = "example.com", .plural = "sites", .kind = "Site", .versions = {"v1"}}; }

  // Every place of an object that can be updated: its name, what stands there, and where. Headwind's patch tests what
  // it replaces. In a list, name the item by a guard: guard_pointer = ".../0/name", guard_value = "web".
  std::vector<hw::image> images(const hw::call&, std::string_view object, const hw::texts&) {
    const nlohmann::json site = parse(object);
    const nlohmann::json image = member(site, "/spec/image");
    if (!image.is_string()) return {};
    return {{.slot = "image", .reference = image.get<std::string>(), .pointer = "/spec/image"}};
  }

  // How far the rollout of the object's present state is. In doubt it is running: time decides then.
  hw::rollout rollout(const hw::call&, std::string_view object, const hw::texts&) {
    const nlohmann::json site = parse(object);
    hw::rollout seen;
    seen.wanted = number(site, "/spec/replicas", 1);
    seen.ready = number(site, "/status/readyReplicas", 0);
    if (number(site, "/status/observedGeneration", 0) < number(site, "/metadata/generation", 0)) {
      seen.reason = "the controller has not seen this state yet";
    } else if (seen.wanted == 0) {
      seen.now = hw::rollout::state::held;
      seen.reason = "scaled to zero: nothing shows whether it works";
    } else if (seen.ready >= seen.wanted) {
      seen.now = hw::rollout::state::done;
    } else {
      seen.reason = std::to_string(seen.ready) + " of " + std::to_string(seen.wanted) + " replicas are ready";
    }
    return seen;
  }

 private:
  static nlohmann::json parse(std::string_view object) {
    nlohmann::json site = nlohmann::json::parse(object, nullptr, false);
    if (!site.is_object()) throw hw::error(hw::code::invalid, "the Site is not a JSON object");
    return site;
  }
  // Null where it is missing, or where something on the way is of another shape.
  static nlohmann::json member(const nlohmann::json& site, const char* at) {
    const nlohmann::json::json_pointer pointer(at);
    return site.contains(pointer) ? site.at(pointer) : nlohmann::json();
  }
  static std::int32_t number(const nlohmann::json& site, const char* at, std::int32_t otherwise) {
    const nlohmann::json value = member(site, at);
    return value.is_number_integer() ? value.get<std::int32_t>() : otherwise;
  }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Sample>{
    .id = "com.example.workload.sample", .version = "0.1.0", .summary = "Sites of example.com"});
