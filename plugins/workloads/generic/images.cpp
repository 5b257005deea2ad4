// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/images.hpp"

#include <algorithm>
#include <set>

#include "workloads/core/find.hpp"
#include "workloads/core/sentence.hpp"

namespace headwind::workloads::generic {
namespace {

constexpr std::size_t max_text = 1024;

bool is_plain(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

// A text that hosts take as a name; else empty.
std::string plain_at(Value root, const Steps& way) {
  const auto value = find_one(root, way);
  const std::string_view text = value ? text_of(*value) : std::string_view();
  return is_plain(text, max_text) ? std::string(text) : std::string();
}

Steps beside(const Steps& way, const std::string& member) {
  Steps out = way;
  out.back() = {Step::Kind::member, member, 0};
  return out;
}

// "containers/web" of $.spec.containers[*].image: from the first list on, its last item by its name. An item of two
// lists, one in the other, keeps the index in the outer one.
std::string slot_of(const Steps& path, Steps way, const std::string& name) {
  const auto is_open = [](const Step& step) { return step.kind != Step::Kind::member; };
  const auto first = std::find_if(path.begin(), path.end(), is_open) - path.begin();
  way.pop_back();
  way.back() = {Step::Kind::member, name, 0};
  way.erase(way.begin(), way.begin() + std::max<std::ptrdiff_t>(first - 1, 0));
  return pointer_to(way).substr(1);
}

// Whether the place can be used.
bool read_place(Value root, const ImageRule& rule, const Match& match, hw::image& out) {
  const std::string_view value = text_of(match.value);
  if (!is_plain(value, max_text)) return false;
  out.pointer = pointer_to(match.way);
  out.slot = rule.slot.empty() ? out.pointer.substr(1) : rule.slot;
  out.reference = value;
  if (!rule.name.empty()) {
    const Steps at = beside(match.way, rule.name);
    if (const std::string name = plain_at(root, at); !name.empty()) {
      out.slot = slot_of(rule.path.steps, match.way, name);
      out.guard_pointer = pointer_to(at);
      out.guard_value = name;
    }
  }
  if (rule.repository) {
    const Steps at = follow(rule.repository->steps, rule.path.steps, match.way);
    const std::string repository = plain_at(root, at);
    if (repository.empty()) return false;
    out.version_only = true;
    out.reference = repository + ":" + out.reference;
    // The tag is one of that repository, and of no other.
    out.guard_pointer = pointer_to(at);
    out.guard_value = repository;
  }
  return is_plain(out.slot, HW_MAX_NAME) && is_plain(out.pointer, HW_MAX_TEXT) &&
         (out.guard_pointer.empty() || is_plain(out.guard_pointer, HW_MAX_TEXT));
}

}  // namespace

bool read_images(std::string_view object, const Settings& settings, std::vector<hw::image>& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  // Items of a list carry no kind of their own.
  if (const auto kind = text_of(root["kind"]); !kind.empty() && kind != settings.target.kind) {
    error = "the object is a " + cut(kind, 64) + ", not a " + settings.target.kind;
    return false;
  }
  std::set<std::string> slots;
  for (const ImageRule& rule : settings.images)
    for (const Match& match : find_all(root, rule.path.steps, max_images)) {
      hw::image image;
      if (out.size() < max_images && read_place(root, rule, match, image) && slots.insert(image.slot).second)
        out.push_back(std::move(image));
    }
  return true;
}

}  // namespace headwind::workloads::generic
