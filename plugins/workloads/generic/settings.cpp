// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/settings.hpp"

#include <algorithm>

#include "workloads/generic/presets.hpp"
#include "workloads/generic/rule_settings.hpp"

namespace headwind::workloads::generic {
namespace {

using nlohmann::json;

// What the settings say goes before what the preset says, member by member.
json with_preset(const json& own) {
  const auto named = own.find("preset");
  if (named == own.end()) return own;
  const std::string name = named->get<std::string>();
  json all = preset(name);
  if (all.is_null()) refuse("preset", name + " is none: choose " + preset_names());
  for (const auto& [key, value] : own.items()) all[key] = value;
  return all;
}

const json& required(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(key, "it is missing; name it, or choose a preset (" + preset_names() + ")");
  return *found;
}

// The item of a list, named by a member beside the image: "...[*].image", "...[0].image".
bool is_in_item(const Steps& steps) {
  return steps.size() >= 2 && steps.back().kind == Step::Kind::member &&
         steps[steps.size() - 2].kind != Step::Kind::member;
}

ImageRule read_image(const json& object, const std::string& where) {
  ImageRule out;
  out.path = path_at(object, "path", where);
  out.slot = text_at(object, "slot");
  out.name = text_at(object, "name");
  if (out.path.steps.empty()) refuse(where + ".path", "names the whole object: name the field of the image");
  if (!out.slot.empty() && (!out.name.empty() || out.path.wildcards() > 0))
    refuse(where + ".slot", "names one place: leave it out where the path has [*] or a name is given");
  if (!out.name.empty() && !is_in_item(out.path.steps))
    refuse(where + ".name", "needs a path to a field of a list's item, such as $.spec.containers[*].image");
  if (!object.contains("repositoryPath")) return out;
  out.repository = path_at(object, "repositoryPath", where);
  if (out.repository->wildcards() > out.path.wildcards())
    refuse(where + ".repositoryPath", "has more [*] than path: each one stands for the same item as in path");
  return out;
}

std::vector<ImageRule> read_image_list(const json& list) {
  std::vector<ImageRule> out;
  for (const json& object : list) {
    const std::string where = "images[" + std::to_string(out.size()) + "]";
    ImageRule rule = read_image(object, where);
    for (const ImageRule& other : out) {
      if (other.path.steps == rule.path.steps)
        refuse(where + ".path", rule.path.text + " stands there twice: remove it");
      if (!rule.slot.empty() && other.slot == rule.slot)
        refuse(where + ".slot", rule.slot + " names another place already: choose another name");
    }
    out.push_back(std::move(rule));
  }
  return out;
}

std::vector<Rule> read_rules(const json& all, const char* key) {
  std::vector<Rule> out;
  const auto list = all.find(key);
  if (list == all.end()) return out;
  for (const json& object : *list)
    out.push_back(read_rule(object, std::string(key) + "[" + std::to_string(out.size()) + "]"));
  return out;
}

void read_pods(const json& all, Settings& out) {
  const auto object = all.find("pods");
  if (object == all.end()) return;
  out.pods = PodRule{text_at(*object, "label"), single_path_at(*object, "equalsPath", "pods"),
                     text_at(*object, "through") == "ReplicaSet"};
  out.target.companions = {"v1/pods"};
  if (out.pods->through_replica_sets) out.target.companions.emplace_back("apps/v1/replicasets");
}

void read_replicas(const json& all, Settings& out) {
  const auto object = all.find("replicas");
  if (object == all.end()) return;
  if (object->contains("ready")) out.ready_count = single_path_at(*object, "ready", "replicas");
  if (object->contains("wanted")) out.wanted_count = single_path_at(*object, "wanted", "replicas");
}

}  // namespace

Settings read_settings(const hw::config& config) {
  const json all = with_preset(config.json());
  Settings out;
  out.target.group = required(all, "group").get<std::string>();
  out.target.versions = required(all, "versions").get<std::vector<std::string>>();
  out.target.kind = required(all, "kind").get<std::string>();
  out.target.plural = required(all, "plural").get<std::string>();
  out.images = read_image_list(required(all, "images"));
  out.ready = read_rules(all, "ready");
  out.failed = read_rules(all, "failed");
  out.held = read_rules(all, "held");
  read_pods(all, out);
  read_replicas(all, out);
  if (!out.ready.empty()) return out;
  for (const char* key : {"failed", "held", "pods", "replicas"})
    if (all.contains(key) && !all[key].empty())
      refuse(key, "needs ready: without a rule for that, no rollout is followed");
  return out;
}

}  // namespace headwind::workloads::generic
