// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "workloads/helmrelease/slots.hpp"

namespace headwind::workloads {
namespace {

constexpr std::size_t max_paths = 32, max_path = 256, max_text = 512;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "image.tag" -> "/image/tag" (RFC 6901). Empty where a key is.
std::string pointer_of(std::string_view path) {
  std::string out;
  bool empty = true;
  for (const char c : path) {
    if (c == '.' && empty) return {};
    if (empty) out += '/';
    empty = c == '.';
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else if (c != '.')
      out += c;
  }
  return empty ? std::string() : out;
}

void read_one(Value root, std::string_view path, std::vector<hw::image>& out) {
  if (path.starts_with("$.")) path.remove_prefix(2);
  const std::string inside = pointer_of(path);
  if (inside.empty() || path.size() > max_path) return;
  const std::string pointer = "/spec/values" + inside, parent = pointer.substr(0, pointer.rfind('/'));
  const auto tag = text_of(root.at_pointer(pointer)), repository = text_of(root.at_pointer(parent + "/repository")),
             registry = text_of(root.at_pointer(parent + "/registry"));
  if (tag.empty() || repository.empty() || tag.size() + repository.size() + registry.size() > max_text) return;
  hw::image image;
  image.slot = "values/" + std::string(path);
  if (std::any_of(out.begin(), out.end(), [&](const hw::image& one) { return one.slot == image.slot; })) return;
  if (!registry.empty()) image.reference = std::string(registry) + "/";
  image.reference += std::string(repository) + ":" + std::string(tag);
  image.pointer = pointer;
  image.guard_pointer = parent + "/repository";
  image.guard_value = repository;
  image.version_only = true;
  out.push_back(std::move(image));
}

}  // namespace

void read_values(Value root, std::vector<hw::image>& out) {
  // The list outlives the look-ups: both are views into one parsed object.
  std::string_view list = text_of(root["metadata"]["annotations"]["headwind.sh/values-images"]);
  for (std::size_t count = 0; count < max_paths && !list.empty(); ++count) {
    const auto comma = std::min(list.find(','), list.size());
    read_one(root, trimmed(list.substr(0, comma)), out);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

}  // namespace headwind::workloads
