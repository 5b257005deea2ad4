// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "workloads/core/find.hpp"
#include "workloads/helmrelease/slots.hpp"

namespace headwind::workloads {
namespace {

constexpr std::size_t max_paths = 32, max_path = 240, max_text = 512;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "image.tag": names and indexes with dots between them, as Helm's --set has it. Any name may stand there. Empty where
// one is missing.
Steps dotted(std::string_view path) {
  Steps steps;
  for (;;) {
    const auto dot = std::min(path.find('.'), path.size());
    if (dot == 0 || steps.size() == JsonPath::max_steps) return {};
    steps.push_back({Step::Kind::member, std::string(path.substr(0, dot)), 0});
    if (dot == path.size()) return steps;
    path.remove_prefix(dot + 1);
  }
}

// Where `path` leads below spec.values: as JSONPath where it has a bracket or a wildcard. Empty where it is no path.
Steps steps_of(std::string_view path) {
  if (path.find('[') == path.npos && path.find('*') == path.npos) return dotted(path);
  JsonPath parsed;
  std::string error;
  const std::string text = (path.starts_with('[') ? "$" : "$.") + std::string(path);
  return parse_json_path(text, parsed, error) ? parsed.steps : Steps();
}

// The path with the turn that each of its wildcards took: the name of one place.
std::string taken_path(std::string_view path, const Steps& steps, const Steps& way) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool wildcard = path[i] == '*' && (i == 0 || path[i - 1] == '.' || path[i - 1] == '[');
    while (wildcard && at < steps.size() && steps[at].kind != Step::Kind::each) ++at;
    if (!wildcard || at >= steps.size() || at >= way.size()) {
      out += path[i];
      continue;
    }
    const Step& turn = way[at++];
    if (turn.kind == Step::Kind::item)
      out += std::to_string(turn.index);
    else
      out += i > 0 && path[i - 1] == '[' ? "'" + turn.name + "'" : turn.name;
  }
  return out;
}

std::string_view text_at(Value root, const std::string& pointer) { return text_of(root.at_pointer(pointer)); }

// A tag at the end of the way, with its repository beside it.
void read_place(Value root, std::string_view name, const Steps& way, std::vector<hw::image>& out) {
  const std::string pointer = "/spec/values" + pointer_to(way), parent = pointer.substr(0, pointer.rfind('/'));
  const auto tag = text_at(root, pointer), repository = text_at(root, parent + "/repository"),
             registry = text_at(root, parent + "/registry");
  if (tag.empty() || repository.empty() || tag.size() + repository.size() + registry.size() > max_text) return;
  hw::image image;
  image.slot = "values/" + std::string(name);
  const bool known = std::any_of(
      out.begin(), out.end(), [&](const hw::image& one) { return one.pointer == pointer || one.slot == image.slot; });
  if (known || name.size() > max_path) return;
  if (!registry.empty()) image.reference = std::string(registry) + "/";
  image.reference += std::string(repository) + ":" + std::string(tag);
  image.pointer = pointer;
  image.guard_pointer = parent + "/repository";
  image.guard_value = repository;
  image.version_only = true;
  out.push_back(std::move(image));
}

void read_one(Value root, std::string_view path, std::vector<hw::image>& out) {
  if (path.starts_with("$.") || path.starts_with("$[")) path.remove_prefix(path[1] == '.' ? 2 : 1);
  const Steps steps = path.size() > max_path ? Steps() : steps_of(path);
  if (steps.empty()) return;
  if (std::none_of(steps.begin(), steps.end(), [](const Step& step) { return step.kind == Step::Kind::each; }))
    return read_place(root, path, steps, out);
  for (const Match& match : find_all(root["spec"]["values"], steps, max_paths))
    if (out.size() < max_paths) read_place(root, taken_path(path, steps, match.way), match.way, out);
}

// The length of the first entry of a list: a comma in brackets is part of a name.
std::size_t entry_size(std::string_view list) {
  bool inside = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == ',' && !inside) return i;
    inside = list[i] == '[' || (inside && list[i] != ']');
  }
  return list.size();
}

}  // namespace

void read_values(Value root, std::vector<hw::image>& out) {
  // The list outlives the look-ups: both are views into one parsed object.
  std::string_view list = text_of(root["metadata"]["annotations"]["headwind.sh/values-images"]);
  for (std::size_t count = 0; count < max_paths && !list.empty(); ++count) {
    const auto comma = entry_size(list);
    read_one(root, trimmed(list.substr(0, comma)), out);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

}  // namespace headwind::workloads
