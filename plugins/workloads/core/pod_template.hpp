// SPDX-License-Identifier: Apache-2.0
// The images of a pod template: pure functions over one object's JSON. The host does all the I/O.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace headwind::workloads {

struct Image {                // one container of the pod template
  std::string slot;           // "containers/web", "initContainers/migrate"
  std::string reference;      // "nginx:1.25"
  std::string pointer;        // "/spec/template/spec/containers/0/image"
  std::string guard_pointer;  // ".../containers/0/name": shows that it is still the same container
  std::string guard_value;
};

// The containers, then the init containers, of the pod template that lies at `pod_template`, such as "/spec/template".
// One without a name or an image is passed over. False, with one sentence, where the text is no object of this kind.
bool read_images(std::string_view object, std::string_view kind, std::string_view pod_template, std::vector<Image>& out,
                 std::string& error);

}  // namespace headwind::workloads
