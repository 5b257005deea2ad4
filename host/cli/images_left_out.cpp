// SPDX-License-Identifier: Apache-2.0
#include "cli/images_left_out.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/image_reference.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 64;
constexpr std::size_t kMostTold = 100;

std::string why(const Json& container) {
  if (!container.is_object()) return "it is no object";
  for (const char* key : {"name", "image"}) {
    const auto found = container.find(key);
    if (found == container.end()) return std::string("it has no ") + key;
    if (!found->is_string()) return std::string("its ") + key + " is no text";
    if (found->get_ref<const std::string&>().empty()) return std::string("its ") + key + " is empty";
  }
  const auto& reference = container["image"].get_ref<const std::string&>();
  if (const auto parsed = parse_image_reference(reference); !parsed) return parsed.error().message;
  return "the plugin tells no image there";
}

void look(const Json& value, const std::string& at, int depth, const std::vector<plugin::Image>& images,
          std::vector<std::string>& out) {
  if (depth == kDeepest || !value.is_structured()) return;
  for (const auto& [key, below] : value.items()) {
    const std::string here = at + "/" + key;
    if (value.is_object() && (key == "containers" || key == "initContainers") && below.is_array()) {
      for (std::size_t i = 0; i < below.size() && out.size() < kMostTold; ++i) {
        const std::string container = here + "/" + std::to_string(i);
        if (std::ranges::find(images, container + "/image", &plugin::Image::pointer) == images.end())
          out.push_back(container + ": " + why(below[i]));
      }
    } else {
      look(below, here, depth + 1, images, out);
    }
  }
}

}  // namespace

std::vector<std::string> images_left_out(const Json& object, const std::vector<plugin::Image>& images) {
  std::vector<std::string> out;
  look(object, {}, 0, images, out);
  for (const plugin::Image& image : images) {
    if (image.version_only) continue;
    if (const auto parsed = parse_image_reference(image.reference); !parsed && out.size() < kMostTold)
      out.push_back(image.pointer + ": the operator cannot read it: " + parsed.error().message);
  }
  for (std::string& sentence : out) sentence = printable(sentence, 1000);
  return out;
}

}  // namespace headwind::cli
