// SPDX-License-Identifier: Apache-2.0
// One JSON document per line, the object and then its companions, from anywhere, read with the settings of every preset
// and two of our own: each image is where its pointer says, next to its guard, and fit for the host; each verdict is
// one bounded sentence of UTF-8.
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "plugins_generic/settings_of.hpp"
#include "plugins_generic/unambiguous.hpp"
#include "workloads/generic/images.hpp"
#include "workloads/generic/judge.hpp"

namespace generic = headwind::workloads::generic;
using nlohmann::json;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_name(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && simdjson::validate_utf8(text.data(), text.size()) &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

std::vector<generic::Settings> all_settings() {
  std::vector<generic::Settings> out;
  for (const char* preset : {"argo-rollout", "cnpg-cluster", "knative-service", "openkruise-cloneset"})
    out.push_back(generic::read_settings(hw::config(std::string(R"({"preset":")") + preset + "\"}")));
  out.push_back(generic::widget(R"({"path":"$.spec.image.tag","repositoryPath":"$.spec.image.repository"},
                                   {"path":"$.spec.*[*].tag","name":"name","repositoryPath":"$.spec.*[*].repository"})"));
  out.push_back(generic::widget(R"({"path":"$.spec.*.*"},{"path":"$.*[*][*].image","name":"name"})", R"(
      "ready":[{"condition":"Ready","message":"$.status.message"},{"path":"$.status.a","equalsPath":"$.spec.a"},
               {"path":"$.status.b","atLeast":"$.spec.b"},{"path":"$.status.c","in":[1,"x",true,0.5]}],
      "failed":[{"path":"$.status.d","exists":true,"message":"$.status.d"}],
      "held":[{"path":"$.status.e","atLeast":2}],
      "pods":{"label":"rev","equalsPath":"$.status.revision","through":"ReplicaSet"},
      "replicas":{"ready":"$.status.b","wanted":"$.spec.b"})"));
  return out;
}

void check_image(const hw::image& image, const json& object) {
  require(is_name(image.slot, HW_MAX_NAME) && is_name(image.reference, HW_MAX_TEXT));
  require(is_name(image.pointer, HW_MAX_TEXT) && image.pointer.starts_with('/'));
  require(image.guard_pointer.empty() == image.guard_value.empty());
  if (object.is_discarded()) return;
  const json& value = object.at(json::json_pointer(image.pointer));
  if (!image.guard_pointer.empty()) require(object.at(json::json_pointer(image.guard_pointer)) == image.guard_value);
  require(image.version_only ? image.reference == image.guard_value + ":" + value.get<std::string>()
                             : value == image.reference);
}

void check_images(const generic::Settings& settings, std::string_view object, const json& parsed) {
  std::vector<hw::image> images;
  std::string error;
  if (!generic::read_images(object, settings, images, error)) return require(!error.empty());
  require(images.size() <= generic::max_images);
  std::set<std::string> slots;
  for (const hw::image& image : images) {
    check_image(image, parsed);
    require(slots.insert(image.slot).second);
  }
}

void check_verdict(const generic::Settings& settings, std::string_view object,
                   const std::vector<std::string_view>& companions) {
  if (settings.ready.empty()) return;
  headwind::workloads::Rollout out;
  std::string error;
  if (!generic::read_rollout(object, companions, settings, out, error)) return require(!error.empty());
  require(!out.reason.empty() && out.reason.size() <= 512 && out.ready >= 0 && out.wanted >= 0);
  require(simdjson::validate_utf8(out.reason.data(), out.reason.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<generic::Settings> settings = all_settings();
  std::vector<std::string_view> lines;
  for (std::string_view rest(reinterpret_cast<const char*>(data), size);;) {
    const std::size_t end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  const std::string_view object = lines.front();
  lines.erase(lines.begin());
  const json parsed = generic::parse_unambiguous(object);
  for (const generic::Settings& one : settings) {
    check_images(one, object, parsed);
    check_verdict(one, object, lines);
  }
  return 0;
}
