// SPDX-License-Identifier: Apache-2.0
// What the apps/v1 kinds share: pure functions over one object's JSON. The host does all the I/O.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::workloads {

struct Image {                // one container of the pod template
  std::string slot;           // "containers/web"
  std::string reference;      // "nginx:1.25"
  std::string pointer;        // "/spec/template/spec/containers/0/image"
  std::string guard_pointer;  // ".../containers/0/name": shows that it is still the same container
  std::string guard_value;
};

// A container without a name or an image is passed over. False, with one sentence, where the text is no such object.
bool read_images(std::string_view object, std::string_view kind, std::vector<Image>& out, std::string& error);

enum class State : std::int32_t { running = 0, done = 1, failed = 2 };  // as HW_ROLLOUT_*
struct Rollout {
  State state = State::running;
  std::int32_t ready = 0, wanted = 0;  // replicas, for humans
  std::string reason;                  // one sentence
};

// The verdict of the object's own status. A status that is older than the spec is "running", whatever it says.
bool read_deployment_rollout(std::string_view object, Rollout& out, std::string& error);
bool read_statefulset_rollout(std::string_view object, Rollout& out, std::string& error);
bool read_daemonset_rollout(std::string_view object, Rollout& out, std::string& error);

}  // namespace headwind::workloads
