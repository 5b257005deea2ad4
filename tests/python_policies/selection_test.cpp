// SPDX-License-Identifier: Apache-2.0
// Workloads that are annotated python/canary move as the script says, and a notifier in Python tells of it.
#include <unistd.h>

#include <fstream>
#include <thread>

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

// Each workload has its own way to go wrong.
constexpr const char* careless = R"(
import sys, threading
def choose(workload, slot, candidates, parameters):
    if workload.name == "answers":
        return 7
    if workload.name == "hoards":
        return [0] * 10 ** 9
    if workload.name == "spawns":
        threading.Thread(target=print).start()
    if workload.name == "exits":
        sys.exit(3)
    while True:
        pass
)";

class PythonPolicies : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    publish("canary.py", canary);
    publish("careless.py", careless);
    publish("pager.py", "def send(event):\n    with open('" + (directory / "told").string() +
                            "', 'a') as file:\n        print(event.type, event.subject, event.new, file=file)\n");
    registry().push(repository(), "1.0.0");
    OperatorSettings with = settings();
    with.instances = {of("canary", "headwind.policy.python"), of("careless", "headwind.policy.python"),
                      of("pager", "headwind.notifier.python")};
    start(with);
  }
  void TearDown() override {
    EndToEnd::TearDown();
    std::filesystem::remove_all(directory);
  }
  // As kubelet mounts a ConfigMap: the file is a link into ..data, itself a link to a directory of each edition.
  void publish(const std::string& file, const std::string& source) {
    const std::string edition = "..edition" + std::to_string(++editions);
    std::filesystem::create_directories(directory / edition);
    if (editions > 1)
      std::filesystem::copy(directory / "..data/", directory / edition, std::filesystem::copy_options::recursive);
    std::ofstream(directory / edition / file) << source;
    std::filesystem::create_directory_symlink(edition, directory / "..new");
    std::filesystem::rename(directory / "..new", directory / "..data");
    if (!std::filesystem::is_symlink(directory / file))
      std::filesystem::create_symlink(std::filesystem::path("..data") / file, directory / file);
  }
  Json of(const std::string& name, const std::string& plugin) const {
    return {{"name", name}, {"plugin", plugin}, {"settings", {{"file", (directory / (name + ".py")).string()}}}};
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

  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("headwind-python-policies-" + std::to_string(getpid()));
  int editions = 0;
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

TEST_F(PythonPolicies, ANotifierInPythonIsToldOfAnUpdate) {
  deploy_one("web", "minor");
  registry().push(repository(), "1.1.0");
  EXPECT_TRUE(runs(image("1.1.0")));
  const std::string wanted = "update_completed apps/Deployment " + space + "/web " + image("1.1.0") + "\n";
  const auto told = [&] {
    std::ifstream file(directory / "told");
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_TRUE(eventually([&] { return told().find(wanted) != std::string::npos; })) << told();
}

TEST_F(PythonPolicies, EachEndThatAScriptComesToIsInTheEvent) {
  for (const char* name : {"answers", "hoards", "spawns", "exits", "loops"}) deploy_one(name, "python/careless");
  deploy_one("built-in", "minor");
  registry().push(repository(), "1.1.0");
  EXPECT_TRUE(runs(image("1.1.0"), "built-in"));
  EXPECT_TRUE(told("answers", "PolicyFailed", "careless.py:3: TypeError: the policy returned a int"));
  EXPECT_TRUE(told("hoards", "PolicyFailed", "careless.py:7: asked for more memory than settings.memory_mib allows"));
  EXPECT_TRUE(told("spawns", "PolicyFailed", "careless.py:9: RuntimeError: a script may not start threads"));
  EXPECT_TRUE(told("exits", "PolicyFailed", "careless.py:11: called sys.exit(3) (in: sys.exit(3))"));
  EXPECT_TRUE(told("loops", "PolicyFailed", "did not end"));
}

TEST_F(PythonPolicies, AnEditIsTakenWithoutARestart) {
  deploy_one("slow", "python/canary");
  deploy_one("canary", "python/canary", "", "canary");
  registry().push(repository(), "1.1.0");
  EXPECT_TRUE(runs(image("1.1.0"), "canary"));
  EXPECT_TRUE(told("slow", "UpdateHeld", "only canaries take a minor release"));

  std::string edited = canary;
  edited.replace(edited.find("\"~\""), 3, "\"^\"");
  publish("canary.py", edited);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // it looks once a second
  registry().push(repository(), "1.2.0");
  EXPECT_TRUE(runs(image("1.2.0"), "slow"));
}

TEST_F(PythonPolicies, APolicyThatNobodyServesIsNamed) {
  deploy_one("lost", "python/nobody");
  EXPECT_TRUE(told("lost", "InvalidAnnotation", "configure an instance 'nobody'"));
}

}  // namespace
}  // namespace headwind::end_to_end
