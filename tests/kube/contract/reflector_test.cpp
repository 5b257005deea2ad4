// SPDX-License-Identifier: Apache-2.0
// List and watch against a server that really pages, watches and times out.
#include "kube/reflector.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "kube/config_map.hpp"
#include "kube/paths.hpp"
#include "server_under_test.hpp"

namespace headwind::kube::test {
namespace {

using std::string;
using Json = nlohmann::json;

// Holds what a reflector tells, as the inventory does.
class Mirror : public Sink {
 public:
  void list_started() override { seen_.clear(), ++lists; }
  Task<Result<>> upsert(std::vector<Object> objects) override {
    sizes.push_back(objects.size());
    for (Object& object : objects) {
      seen_.insert(object.name);
      versions[object.name] = object.resource_version;
    }
    co_return Result<>{};
  }
  void removed(const Object& object) override { versions.erase(object.name); }
  void list_finished() override {
    std::erase_if(versions, [this](const auto& entry) { return !seen_.contains(entry.first); });
    complete = true;
  }
  void lost(const Error& error) override { errors.push_back(error.message); }
  bool has(const string& name) const { return versions.contains(name); }

  std::map<string, string> versions;
  std::vector<std::size_t> sizes;
  std::vector<string> errors;
  int lists = 0;
  bool complete = false;

 private:
  std::set<string> seen_;
};

class ReflectorContract : public ContractTest {
 protected:
  void start(const string& collection, ReflectorOptions options, const string& agent) {
    reflector = std::make_unique<Reflector>(client({}, agent), collection, mirror, options);
    spawn(executor(), "reflector", run_it());
    ASSERT_TRUE(ContractTest::until([this] { return mirror.complete; }));
  }
  void TearDown() override {
    if (reflector) {
      reflector->stop();
      EXPECT_TRUE(ContractTest::until([this] { return ended; }));
    }
    ContractTest::TearDown();
  }
  Task<> run_it() {
    co_await reflector->run();
    ended = true;
  }
  string create(const string& name) {
    const auto made = run(create_config_map(client(), {.name_space = name_space(), .name = name}));
    EXPECT_TRUE(made) << made.error().message;
    return made->resource_version;
  }

  Mirror mirror;
  std::unique_ptr<Reflector> reflector;
  bool ended = false;
};
HEADWIND_CONTRACT(ReflectorContract);

TEST_P(ReflectorContract, TwelveHundredObjectsComeInPagesOf500) {
  server->create_config_maps(name_space(), "many", 1200);
  start(collection_path(kConfigMaps, name_space()), {}, "pages-" + name_space());
  EXPECT_EQ(mirror.sizes, (std::vector<std::size_t>{500, 500, 200}));
  EXPECT_EQ(mirror.versions.size(), 1200U);
  EXPECT_EQ(server->asked("list", "configmaps", "pages-" + name_space()), 3U);
}

TEST_P(ReflectorContract, NoListInSteadyStateThoughWatchesEnd) {
  const string agent = "steady-" + name_space();
  start(collection_path(kConfigMaps, name_space()), {.watch_timeout = std::chrono::seconds(1)}, agent);
  const auto watches = [&] { return server->asked("watch", "configmaps", agent); };
  for (int round = 0; round < 4; ++round) {
    const string name = "round-" + std::to_string(round);
    const std::size_t before = watches();
    const string version = create(name);
    ASSERT_TRUE(until([&] { return mirror.has(name); })) << name;
    EXPECT_EQ(mirror.versions[name], version);
    ASSERT_TRUE(until([&] { return watches() > before; })) << "the server ends a watch after a second";
  }
  EXPECT_EQ(server->asked("list", "configmaps", agent), 1U) << "the first, and none after it";
  EXPECT_GE(watches(), 4U);
  EXPECT_EQ(mirror.lists, 1);
  EXPECT_TRUE(mirror.errors.empty()) << mirror.errors.front();
}

TEST_P(ReflectorContract, ChangesAndRemovalsArrive) {
  create("a");
  start(collection_path(kConfigMaps, name_space()), {}, "changes");
  ASSERT_TRUE(mirror.has("a"));
  const auto changed = run(patch_config_map(client(), name_space(), "a", {{"k", "v"}}));
  ASSERT_TRUE(changed);
  EXPECT_TRUE(until([&] { return mirror.versions["a"] == changed->resource_version; }));
  expect(client()->remove(object_path(kConfigMaps, name_space(), "a")));
  EXPECT_TRUE(until([&] { return !mirror.has("a"); }));
}

TEST_P(ReflectorContract, AnObjectThatLosesItsAnnotationsIsRemoved) {
  create("plain");
  create("ours");
  const string path = object_path(kConfigMaps, name_space(), "ours");
  const auto annotate = [&](const Json& value) {
    expect(client()->merge_patch(path, Json{{"metadata", {{"annotations", {{"headwind.sh/policy", value}}}}}}.dump()));
  };
  annotate("minor");
  start(collection_path(kConfigMaps, name_space()), {.only_annotated = true}, "annotated");
  EXPECT_TRUE(mirror.has("ours"));
  EXPECT_FALSE(mirror.has("plain"));
  annotate(nullptr);
  EXPECT_TRUE(until([&] { return !mirror.has("ours"); }));
  annotate("major");
  EXPECT_TRUE(until([&] { return mirror.has("ours"); }));
  EXPECT_FALSE(mirror.has("plain"));
}

TEST_P(ReflectorContract, AnExpiredContinueTokenIsNotFound) {
  // Any server answers a token that it cannot honour with 410 (or 400 where it is not even a token).
  const auto body = run(client()->get(collection_path(kConfigMaps, name_space()) + "?limit=1&continue=nonsense"));
  ASSERT_FALSE(body);
  EXPECT_TRUE(body.error().code == Code::not_found || body.error().code == Code::invalid) << body.error().message;
}

TEST_P(ReflectorContract, AWatchOfAKindThatIsNotThereSaysSo) {
  const auto ended = run(client()->watch(
      "/apis/none.example/v1/things?watch=true", [](std::string_view) { return true; }, std::chrono::seconds(30)));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::not_found);
}

}  // namespace
}  // namespace headwind::kube::test
