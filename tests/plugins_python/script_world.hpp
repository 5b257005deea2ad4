// SPDX-License-Identifier: Apache-2.0
// The plugin host with the bundle as it is built, and scripts in a directory of the test's own.
#pragma once
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "plugin/world.hpp"

namespace headwind::plugin {

inline std::string mapped_files() {
  std::ifstream maps("/proc/self/maps");
  return {std::istreambuf_iterator<char>(maps), {}};
}

class ScriptWorld : public World {
 protected:
  // `file`: of the bundle; empty: all of it.
  explicit ScriptWorld(const std::string& file = "") {
    std::string name = (std::filesystem::temp_directory_path() / "headwind-python-XXXXXX").string();
    directory = mkdtemp(name.data());
    options.directories = {bundle() / file};
    options.grace = std::chrono::seconds(20);  // a busy machine is not a call that never returns
    start();
  }
  ~ScriptWorld() override { std::filesystem::remove_all(directory); }

  static std::filesystem::path bundle() {
    const char* root = std::getenv("HEADWIND_BUILD");
    return std::filesystem::path(root == nullptr ? "." : root) / "plugins";
  }
  std::filesystem::path write(const std::string& name, const std::string& source) const {
    const std::filesystem::path file = directory / name;
    std::ofstream(file) << source;
    return file;
  }
  // Settings of a script that ends by itself, however busy the machine is.
  static constexpr const char* kPatient = R"(, "seconds": 60)";
  // An instance of that name from a script of that source. `more`: further settings, each with its comma in front.
  Result<> script(const std::string& name, const std::string& source, const std::string& more = kPatient) {
    const std::string file = write(name + ".py", source).string();
    return create(name, "headwind.policy.python", R"({"file": ")" + file + "\"" + more + "}");
  }

  Result<Choice> ask(const std::string& name, std::vector<std::string> tags = {"1.0.1", "1.1.0"},
                     std::string parameters = "", bool judgements = false) {
    PolicyQuery query;
    query.policy = name == "semver" ? "minor" : "python/" + name;
    query.args = std::move(parameters);
    query.repository = "docker.io/library/nginx";
    query.tag = "1.0.0";
    query.digest = "sha256:aa";
    query.slot = "containers/web";
    query.workload = R"({"kind": "Deployment", "namespace": "shop", "name": "cart",
                         "labels": {"tier": "front"}, "annotations": {"headwind.sh/policy": "x"}})";
    Tags candidates;
    candidates.names = std::move(tags);
    for (const Policy& policy : host->policies())
      if (policy.name() == name) return run(policy.choose(query, candidates, judgements));
    return make_error(Code::not_found, "no instance " + name);
  }
  std::string failure(const std::string& name) {
    const Result<Choice> choice = ask(name);
    return choice ? "it chose: " + choice->why : choice.error().message;
  }
  // The sentence on a call that does not end. The module has a quarter of a second to interrupt it and to see where it
  // is, which a busy machine may not give it: then it is the next call that is told. A rest may lie between.
  std::string overrun(const std::string& name, const std::vector<std::string>& tags = {"a"}) {
    std::string message;
    for (int i = 0; i < 60; ++i) {
      const Result<Choice> choice = ask(name, tags);
      message = choice ? "it chose: " + choice->why : choice.error().message;
      if (message.find("did not end within") != std::string::npos) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    return message;
  }
  // Whether it decides again, once what it was in has ended.
  bool recovers(const std::string& name, const std::vector<std::string>& tags) {
    for (int i = 0; i < 60; ++i) {
      if (ask(name, tags)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    return false;
  }
  // A pipe on which a script waits, in a call that does not let itself be interrupted, until it is let go.
  std::string pipe() const {
    const std::string name = (directory / "pipe").string();
    EXPECT_EQ(mkfifo(name.c_str(), 0600), 0);
    return name;
  }
  void let_go(const std::string& pipe) { end_.open(pipe); }
  // What a good policy beside a bad one does, all the time.
  void expect_others_go_on() {
    const Result<Choice> semver = ask("semver");
    ASSERT_TRUE(semver) << semver.error().message;
    EXPECT_EQ(semver->index, 1U);
    const Result<Choice> good = ask("good");
    ASSERT_TRUE(good) << good.error().message;
    EXPECT_EQ(good->index, 0U);
  }
  void create_good() {
    ASSERT_TRUE(create("semver", "headwind.policy.semver"));
    ASSERT_TRUE(script("good", "def choose(workload, slot, candidates, parameters):\n    return candidates[0]\n"));
  }

  std::filesystem::path directory;

 private:
  std::fstream end_;  // to be read and written: that waits for nobody
};

}  // namespace headwind::plugin
