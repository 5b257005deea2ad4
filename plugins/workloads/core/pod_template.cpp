// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/pod_template.hpp"

#include "workloads/core/json_object.hpp"

namespace headwind::workloads {
namespace {

void read_list(Value root, std::string_view pod_template, const std::string& list, std::vector<Image>& out) {
  constexpr std::size_t max_containers = 256, max_text = 1024;
  const std::string at = std::string(pod_template) + "/spec/" + list;
  std::size_t index = 0;
  each(root.at_pointer(at), max_containers, [&](Value container) {
    const std::string here = at + "/" + std::to_string(index++);
    const auto name = text_of(container["name"]), reference = text_of(container["image"]);
    if (name.empty() || reference.empty() || name.size() > max_text || reference.size() > max_text) return;
    Image image;
    image.slot = list + "/" + std::string(name);
    image.reference = reference;
    image.pointer = here + "/image";
    image.guard_pointer = here + "/name";
    image.guard_value = name;
    out.push_back(std::move(image));
  });
}

}  // namespace

bool read_images(std::string_view object, std::string_view kind, std::string_view pod_template, std::vector<Image>& out,
                 std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  // Items of a list carry no kind of their own.
  if (const auto own = text_of(root["kind"]); !own.empty() && own != kind) {
    error = "the object is a " + std::string(own.substr(0, 64)) + ", not a " + std::string(kind);
    return false;
  }
  for (const char* list : {"containers", "initContainers"}) read_list(root, pod_template, list, out);
  return true;
}

}  // namespace headwind::workloads
