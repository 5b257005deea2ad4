// SPDX-License-Identifier: Apache-2.0
// What the engine writes into the audit stream: about which image and digest, and what somebody did with kubectl.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "telemetry/audit.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

using nlohmann::json;
using Annotations = std::map<std::string, std::string>;

const std::string nginx = "docker.io/library/nginx";
const std::string name = "web-app-1-26-0";
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};
const Annotations asking{{"policy", "minor"}, {"min-update-interval", "0"}};
const std::string a_digest = "sha256:" + std::string(64, 'a'), b_digest = "sha256:" + std::string(64, 'b');

struct AuditOfTheEngine : ::testing::Test {
  AuditOfTheEngine() { telemetry::init_audit({telemetry::AuditSink::file, file, "test"}); }
  ~AuditOfTheEngine() override {
    telemetry::init_audit({});
    std::filesystem::remove(file);
  }
  World& deployed(const Annotations& annotations) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, annotations);
    World& world = launch(store);
    world.vouched = Result<>{};
    world.start();
    return world;
  }
  std::vector<json> entries(const std::string& action) const {
    std::vector<json> all;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
      if (json entry = json::parse(line); entry["action"] == action) all.push_back(std::move(entry));
    return all;
  }
  static Result<RollbackOutcome> roll_back(World& world, std::size_t index, const std::string& user = "op") {
    RollbackOrder order{deployment("web"), "app", index, user, "it is slow"};
    auto outcome = world.run(world.engine->roll_back(order));
    world.settle();
    return outcome;
  }
  // A person's kubectl annotate.
  void annotate(World& world, const Annotations& notes) {
    json& object = store.requests.at({"prod", name});
    for (const auto& [key, value] : notes) object["metadata"]["annotations"]["headwind.sh/" + key] = value;
    object["metadata"]["resourceVersion"] = std::to_string(++store.version);
    world.watch();
    world.settle();
  }
  // A person's kubectl delete.
  void remove_request(World& world) {
    store.requests.erase({"prod", name});
    world.watch();
    world.settle();
  }

  std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) / ("engine" + std::to_string(::getpid()) + ".log");
  Store store;
};

TEST_F(AuditOfTheEngine, a_rollback_has_the_digest_of_what_it_goes_back_to) {
  World& world = deployed(automatic);
  world.push(nginx, "1.25.1", a_digest);
  world.push(nginx, "1.26.0", b_digest);
  const auto outcome = roll_back(world, 1);
  ASSERT_TRUE(outcome) << outcome.error().message;
  const auto all = entries("rollback");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["from"], "nginx:1.26.0");
  EXPECT_EQ(all[0]["image"], "nginx:1.25.1");
  EXPECT_EQ(all[0].value("digest", ""), a_digest);
}

TEST_F(AuditOfTheEngine, a_rollback_for_somebody_without_a_name_is_not_by_itself) {
  World& world = deployed(automatic);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(roll_back(world, 1, ""));
  const auto all = entries("rollback");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["reason"], "asked for by somebody who gave no name: it is slow");
}

TEST_F(AuditOfTheEngine, one_that_nobody_asked_for_is_by_itself) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}},
               {{"policy", "minor"}, {"require-approval", "false"}, {"auto-rollback", "true"}});
  World& world = launch(store, quick(), true);
  world.start();
  world.fates["nginx:1.26.0"] = {RolloutView::State::failed, 0, 1, "CrashLoopBackOff", {}, {}};
  world.push(nginx, "1.26.0");
  const auto all = entries("rollback");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["reason"], "by itself: CrashLoopBackOff");
}

TEST_F(AuditOfTheEngine, it_has_none_where_a_tag_was_moved) {
  World& world = deployed(automatic);
  world.push(nginx, "1.25.1", a_digest);
  for (const char* other : {"nginx:1.25.0", "nginx:1.25.1"}) {  // by hand: what the tag means then is not known
    store.edit(deployment("web"), [&](json& object) {
      object["spec"]["template"]["spec"]["containers"][0]["image"] = other;
      json history = json::parse(object["metadata"]["annotations"].value("headwind.sh/update-history", "[]"));
      if (other == std::string("nginx:1.25.1"))
        history.insert(history.begin(), json{{"container", "app"},
                                             {"image", "nginx:1.25.1"},
                                             {"timestamp", "2026-01-01T00:00:00Z"},
                                             {"digest", b_digest}});
      object["metadata"]["annotations"]["headwind.sh/update-history"] = history.dump();
    });
  }
  world.settle();
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.image("web"), "nginx:1.26.0");
  const auto outcome = roll_back(world, 1);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->image, "nginx:1.25.1");
  ASSERT_EQ(entries("rollback").size(), 1U);
  EXPECT_FALSE(entries("rollback")[0].contains("digest"));
}

TEST_F(AuditOfTheEngine, a_rollback_that_is_refused_names_the_same_two_images) {
  World& world = deployed(automatic);
  world.push(nginx, "1.26.0");
  world.patch_error = make_error(Code::denied, "a webhook says no");
  ASSERT_FALSE(roll_back(world, 1));
  const auto all = entries("rollback");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["outcome"], "failed");
  EXPECT_EQ(all[0]["reason"], "a webhook says no");
  EXPECT_EQ(all[0]["from"], "nginx:1.26.0");
  EXPECT_EQ(all[0]["image"], "nginx:1.25.0");
  EXPECT_FALSE(all[0].contains("digest"));
}

TEST_F(AuditOfTheEngine, deleting_a_request_that_remembers_is_a_release) {
  World& world = deployed(asking);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->reject({"prod", name}, "alice", "not today")));
  remove_request(world);
  const auto all = entries("release");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["via"], "operator");
  EXPECT_EQ(all[0]["kind"], "UpdateRequest");
  EXPECT_EQ(all[0]["name"], name);
  EXPECT_EQ(all[0]["image"], "nginx:1.26.0");
  EXPECT_EQ(all[0]["digest"], store.registry.at(nginx + ":1.26.0"));
  EXPECT_NE(all[0]["reason"].get<std::string>().find("was deleted"), std::string::npos);
  EXPECT_FALSE(all[0].contains("user")) << "nobody tells us";
}

TEST_F(AuditOfTheEngine, so_is_one_that_a_new_list_does_not_bring) {
  World& world = deployed(asking);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->reject({"prod", name}, "alice", "not today")));
  store.requests.erase({"prod", name});
  world.engine->request_list_started();
  world.engine->request_list_finished();
  world.settle();
  ASSERT_EQ(entries("release").size(), 1U);
  EXPECT_EQ(entries("release")[0]["name"], name);
}

TEST_F(AuditOfTheEngine, what_remembers_nothing_or_goes_with_its_workload_is_not_released) {
  World& world = deployed(asking);
  world.push(nginx, "1.26.0");
  remove_request(world);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->reject({"prod", name}, "alice", "not today")));
  store.remove(deployment("web"));
  remove_request(world);
  EXPECT_TRUE(entries("release").empty());
}

TEST_F(AuditOfTheEngine, our_own_release_is_told_by_who_ordered_it_alone) {
  World& world = deployed(asking);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->reject({"prod", name}, "alice", "not today")));
  ASSERT_TRUE(world.run(world.engine->release({"prod", name}, "alice")));
  world.settle();
  EXPECT_TRUE(entries("release").empty()) << "the API tells it, with the person's address";
}

TEST_F(AuditOfTheEngine, an_answer_by_annotation_is_told_with_its_writer) {
  World& world = deployed(asking);
  world.push(nginx, "1.26.0");
  annotate(world, {{"approve", "alice"}, {"comment", "looks good"}});
  ASSERT_EQ(store.request(name).phase, Phase::completed);
  const auto all = entries("approve");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["via"], "annotation");
  EXPECT_EQ(all[0]["user"], "alice");
  EXPECT_FALSE(all[0].contains("claimed"));
  EXPECT_EQ(all[0]["outcome"], "done");
  EXPECT_EQ(all[0]["reason"], "looks good");
  EXPECT_EQ(all[0]["digest"], store.registry.at(nginx + ":1.26.0"));
  const auto applied = entries("apply");
  ASSERT_EQ(applied.size(), 1U);
  EXPECT_EQ(applied[0]["reason"], "approved by alice");
}

TEST_F(AuditOfTheEngine, one_that_nothing_vouches_for_is_told_as_claimed_and_failed) {
  World& world = deployed(asking);
  world.push(nginx, "1.26.0");
  world.vouched = make_error(Code::denied, "no policy is in force");
  annotate(world, {{"reject", "mallory"}});
  const auto all = entries("reject");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["user"], "mallory");
  EXPECT_EQ(all[0]["claimed"], true);
  EXPECT_EQ(all[0]["outcome"], "failed");
  EXPECT_EQ(all[0]["reason"], "no policy is in force");
}

}  // namespace
}  // namespace headwind::update::testing
