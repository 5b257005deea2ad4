// SPDX-License-Identifier: Apache-2.0
// Workloads that are annotated python/canary move as the script says.
#include <unistd.h>

#include <fstream>

#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

constexpr const char* canary = R"(
import headwind
schema = {"type": "object", "additionalProperties": False,
          "properties": {"channel": {"type": "string", "default": "stable"}}}
def choose(workload, slot, candidates, parameters):
    if workload.name == "broken":
        return candidates[len(candidates)]
    canary = workload.labels.get("track") == "canary" and workload.annotations["acme.example/owner"] == "shop"
    wanted = headwind.semver_range(("^" if canary or parameters["channel"] == "fast" else "~") + slot.tag)
    newer = [c for c in candidates if c.version in wanted and c.version > slot.version]
    return max(newer, key=lambda c: c.version, default=headwind.Hold("only canaries take a minor release"))
)";

class PythonPolicies : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    script = std::filesystem::temp_directory_path() / ("headwind-canary-" + std::to_string(getpid()) + ".py");
    std::ofstream(script) << canary;
    registry().push(repository(), "1.0.0");
    OperatorSettings with = settings();
    with.instances = {
        {{"name", "canary"}, {"plugin", "headwind.policy.python"}, {"settings", {{"file", script.string()}}}}};
    start(with);
  }
  void TearDown() override {
    EndToEnd::TearDown();
    std::filesystem::remove(script);
  }
  void deploy_one(const std::string& name, const std::string& policy, const std::string& config = "",
                  const std::string& track = "") const {
    Workload workload{
        "Deployment", name, {{"app", image("1.0.0")}}, {{"policy", policy}, {"require-approval", "false"}}};
    if (!config.empty()) workload.annotations.emplace_back("policy-config", config);
    workload.adjust = [track](Json& object) {
      object["metadata"]["annotations"]["acme.example/owner"] = "shop";
      if (!track.empty()) object["metadata"]["labels"]["track"] = track;
    };
    deploy(workload);
  }
  bool told(const std::string& name, const std::string& reason, const std::string& words) const {
    return eventually([&] {
      for (const std::string& message : events_about(space, name, reason))
        if (message.find(words) != std::string::npos) return true;
      return false;
    });
  }

  std::filesystem::path script;
};

TEST_F(PythonPolicies, AWorkloadIsUpdatedByTheChoiceOfAScript) {
  deploy_one("canary", "python/canary", "", "canary");
  deploy_one("fast", "plugin/canary", R"({"channel": "fast"})");
  deploy_one("slow", "python/canary");
  deploy_one("wrong", "python/canary", R"({"channel": 7})");
  deploy_one("broken", "python/canary");
  deploy_one("built-in", "minor");

  registry().push(repository(), "1.1.0");

  for (const char* name : {"canary", "fast", "built-in"}) EXPECT_TRUE(runs(image("1.1.0"), name)) << name;
  EXPECT_TRUE(told("slow", "UpdateHeld", "only canaries take a minor release"));
  EXPECT_TRUE(told("wrong", "InvalidAnnotation", "annotation headwind.sh/policy-config does not fit"));
  EXPECT_TRUE(told("broken", "PolicyFailed", "7: IndexError: list index out of range (in: return candidates["));
  for (const char* name : {"slow", "wrong", "broken"}) EXPECT_EQ(image_of(workload(name)), image("1.0.0")) << name;
}

TEST_F(PythonPolicies, APolicyThatNobodyServesIsNamed) {
  deploy_one("lost", "python/nobody");
  EXPECT_TRUE(told("lost", "InvalidAnnotation", "configure an instance 'nobody'"));
}

}  // namespace
}  // namespace headwind::end_to_end
