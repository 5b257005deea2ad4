// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/pod_template.hpp"

#include "workloads/core/json_object.hpp"

namespace headwind::workloads {

bool read_images(std::string_view object, std::string_view kind, std::vector<Image>& out, std::string& error) {
  constexpr std::size_t max_containers = 256, max_text = 1024;
  Value root;
  if (!parse_object(object, root, error)) return false;
  // Items of a list carry no kind of their own.
  if (const auto own = text_of(root["kind"]); !own.empty() && own != kind) {
    error = "the object is a " + std::string(own.substr(0, 64)) + ", not a " + std::string(kind);
    return false;
  }
  simdjson::dom::array containers;
  if (root["spec"]["template"]["spec"]["containers"].get(containers)) return true;  // no template, nothing to update
  std::size_t index = 0;
  for (const Value container : containers) {
    if (index == max_containers) break;
    const std::string at = "/spec/template/spec/containers/" + std::to_string(index++);
    const auto name = text_of(container["name"]), reference = text_of(container["image"]);
    if (name.empty() || reference.empty() || name.size() > max_text || reference.size() > max_text) continue;
    Image image;
    image.slot = "containers/" + std::string(name);
    image.reference = reference;
    image.pointer = at + "/image";
    image.guard_pointer = at + "/name";
    image.guard_value = name;
    out.push_back(std::move(image));
  }
  return true;
}

}  // namespace headwind::workloads
