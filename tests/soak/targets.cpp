// SPDX-License-Identifier: Apache-2.0
#include "targets.hpp"

#include <array>
#include <cstdio>

#include "core/text.hpp"
#include "dice.hpp"

namespace headwind::soak {

std::string Version::text() const {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string tag_of(const std::string& image) {
  const std::string plain = image.substr(0, image.find('@'));
  return plain.substr(plain.rfind(':') + 1);
}

std::optional<Version> version_of(const std::string& tag) {
  Version version;
  int end = 0;
  const int read = std::sscanf(tag.c_str(), "%d.%d.%d%n", &version.major, &version.minor, &version.patch, &end);
  if (read != 3 || static_cast<std::size_t>(end) != tag.size()) return std::nullopt;
  return version;
}

bool may_reach(const std::string& policy, const Version& from, const Version& to) {
  if (policy == "patch") return from.major == to.major && from.minor == to.minor;
  if (policy == "minor") return from.major == to.major;
  if (policy == "glob") return to.major == 1;  // the pattern below
  return true;
}

bool is_update(const std::string& policy, const Version& from, const Version& to) {
  return to > from && may_reach(policy, from, to);
}

std::string collection_of(const Target& target) {
  const std::string group = target.kind == "CronJob" ? "batch" : "apps";
  return "/apis/" + group + "/v1/namespaces/" + target.name_space + "/" + to_lower(target.kind) + "s";
}

std::string Target::path() const { return collection_of(*this) + "/" + name; }

void Target::changed_by_hand() {
  // Generous: what was on its way when the person acted may go either way.
  since_ms = now_ms() + 1000;
  changes_ms.push_back(now_ms());
}

std::vector<std::string> name_spaces() { return {"soak-a", "soak-b", "soak-c", "soak-d"}; }

std::vector<Target> make_targets(std::size_t count) {
  constexpr std::array kinds{"Deployment", "StatefulSet", "Deployment", "DaemonSet",
                             "Deployment", "StatefulSet", "CronJob"};
  constexpr std::array policies{"minor", "patch", "all", "glob", "minor"};
  const auto spaces = name_spaces();
  std::vector<Target> targets;
  for (std::size_t i = 0; i < count; ++i) {
    Target target;
    target.kind = kinds[i % kinds.size()];
    target.policy = policies[i % policies.size()];
    target.name_space = spaces[i % spaces.size()];
    target.name = "w" + std::to_string(i);
    target.approval = i % 3 == 1;
    target.approvals = i % 9 == 4 ? 2 : 1;
    target.auto_rollback = i % 2 == 0;
    target.interval = i % 8 == 7 ? 2 : 0;
    target.slots.push_back({"app", target.name_space + (i % 8 < 4 ? "/api" : "/worker")});
    if (i % 4 == 3) target.slots.push_back({"side", target.name_space + "/side"});
    targets.push_back(std::move(target));
  }
  return targets;
}

std::string containers_pointer(const std::string& kind) {
  return kind == "CronJob" ? "/spec/jobTemplate/spec/template/spec/containers" : "/spec/template/spec/containers";
}

Json object_of(const Target& target, const std::string& registry, const std::string& tag) {
  Json pod{{"nodeName", "node-0"}, {"containers", Json::array()}};  // there is no scheduler
  for (const Slot& slot : target.slots)
    pod["containers"].push_back({{"name", slot.container}, {"image", registry + "/" + slot.repository + ":" + tag}});
  // One that nobody updates; it crashes where the tag says so.
  pod["initContainers"] = {{{"name", "migrate"}, {"image", "busybox:1"}}};
  const Json labels{{"app", target.name}};
  Json annotations{{"headwind.sh/policy", target.policy},
                   {"headwind.sh/require-approval", target.approval ? "true" : "false"},
                   {"headwind.sh/auto-rollback", target.auto_rollback ? "true" : "false"},
                   {"headwind.sh/min-update-interval", std::to_string(target.interval)},
                   {"headwind.sh/rollback-timeout", "6"},
                   {"headwind.sh/health-check-retries", "2"}};
  if (target.approvals > 1) annotations["headwind.sh/approvals"] = std::to_string(target.approvals);
  if (target.policy == "glob") annotations["headwind.sh/pattern"] = "1.*";
  Json object{{"apiVersion", target.kind == "CronJob" ? "batch/v1" : "apps/v1"},
              {"kind", target.kind},
              {"metadata", {{"name", target.name}, {"annotations", annotations}}}};
  if (target.kind == "CronJob") {
    pod["restartPolicy"] = "Never";
    const Json job{{"template", {{"spec", pod}}}};
    object["spec"] = {{"schedule", "0 3 29 2 *"}, {"jobTemplate", {{"spec", job}}}};
    return object;
  }
  object["spec"] = {{"selector", {{"matchLabels", labels}}},
                    {"template", {{"metadata", {{"labels", labels}}}, {"spec", pod}}}};
  if (target.kind != "DaemonSet") object["spec"]["replicas"] = 1;
  if (target.kind == "StatefulSet") object["spec"]["serviceName"] = target.name;
  return object;
}

std::string running(const Target& target, const Json& object, const std::string& container) {
  if (!object.is_object()) return {};
  for (const Json& one : object.at(Json::json_pointer(containers_pointer(target.kind))))
    if (one.at("name") == container) return one.at("image");
  return {};
}

}  // namespace headwind::soak
