// SPDX-License-Identifier: Apache-2.0
// Approvals that need more than one person, and what each of them is bound to.
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "update/history.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
const std::string name = "web-app-1-26-0";
using Annotations = std::map<std::string, std::string>;

std::string digest(char letter) { return "sha256:" + std::string(64, letter); }

struct Approvals : ::testing::Test {
  World& begin(const std::string& approvals, EngineOptions options = quick()) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}},
                 {{"policy", "minor"}, {"min-update-interval", "0"}, {"approvals", approvals}});
    World& world = launch(store, options);
    world.start();
    world.push(nginx, "1.26.0");
    return world;
  }
  static Result<UpdateRequest> vote(World& world, const std::string& who, const std::string& comment = {},
                                    const std::string& seen = {}, const std::string& request = name) {
    Result<UpdateRequest> result = world.run(world.engine->approve({"prod", request}, Vote{who, true, comment, seen}));
    world.settle();
    return result;
  }
  nlohmann::json status(const std::string& request = name) const {
    return store.requests.at({"prod", request}).value("status", nlohmann::json::object());
  }
  std::size_t told(EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [&](const Notification& n) { return n.type == type; }));
  }
  // A request that somebody wrote by hand: no digest, no identity, nothing Headwind knows of.
  UpdateRequest by_hand() const {
    UpdateRequest request;
    request.key = {"prod", "by-hand"};
    request.target_api_version = "apps/v1", request.target_kind = "Deployment", request.target_name = "web";
    request.target_namespace = "prod", request.container = "app", request.policy = "minor";
    request.current_image = "nginx:1.25.0", request.new_image = "nginx:1.26.0";
    return request;
  }
  void submit(World& world, const UpdateRequest& request) {
    store.create(request);
    world.watch();
    world.settle();
  }
  Store store;
};

TEST_F(Approvals, the_first_of_two_waits_and_the_second_applies) {
  World& world = begin("2");
  EXPECT_EQ(store.request(name).required_approvals, 2U);
  const auto first = vote(world, "alice", "tested on staging");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->phase, Phase::pending);
  EXPECT_EQ(first->message, "1 of 2 approvals; waits for 1 more");
  EXPECT_EQ(first->approved_by, "");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(told(EventType::update_approved), 0U);
  const auto second = vote(world, "bob");
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->phase, Phase::completed);
  EXPECT_EQ(second->approved_by, "alice, bob");
  EXPECT_EQ(second->message, "Update applied successfully");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(told(EventType::update_approved), 1U);
  EXPECT_EQ(world.engine->history(deployment("web"), "app")->front().approved_by, "alice, bob");
  ASSERT_EQ(second->approvals.size(), 2U);
  EXPECT_EQ(second->approvals[0].by, "alice");
  EXPECT_EQ(second->approvals[0].comment, "tested on staging");
  EXPECT_EQ(second->approvals[0].digest, store.request(name).digest);
  EXPECT_NE(second->approvals[0].at_ms, 0);
  EXPECT_EQ(second->approvals[1].by, "bob");
}

TEST_F(Approvals, one_person_counts_once) {
  World& world = begin("2");
  ASSERT_TRUE(vote(world, "alice"));
  const std::string version = store.request(name).resource_version;
  const auto again = vote(world, "alice", "really");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->phase, Phase::pending);
  EXPECT_EQ(again->message, "1 of 2 approvals; waits for 1 more");
  EXPECT_EQ(store.request(name).resource_version, version) << "nothing was written";
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(Approvals, two_people_at_once_are_both_counted) {
  World& world = begin("3");
  std::size_t counted = 0;
  for (const char* who : {"alice", "bob", "alice", "bob"})
    boost::asio::co_spawn(world.io, world.engine->approve({"prod", name}, Vote{who, true, {}, {}}),
                          [&](std::exception_ptr, Result<UpdateRequest> answer) { counted += answer ? 1U : 0U; });
  world.settle();
  EXPECT_EQ(counted, 4U);
  EXPECT_EQ(store.request(name).message, "2 of 3 approvals; waits for 1 more");
  EXPECT_EQ(store.request(name).approvals.size(), 2U);
}

TEST_F(Approvals, a_name_that_nobody_checked_is_not_one_of_two_people) {
  World& world = begin("2");
  for (const char* claimed : {"", "alice"}) {
    const auto refused = world.run(world.engine->approve({"prod", name}, std::string(claimed)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::conflict);
    EXPECT_NE(refused.error().message.find("set auth.mode: token"), std::string::npos) << refused.error().message;
  }
  EXPECT_TRUE(store.request(name).approvals.empty());
}

TEST_F(Approvals, one_is_enough_where_nothing_else_is_asked_for_and_needs_no_name) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
  World& world = launch(store);
  world.start();
  world.push(nginx, "1.26.0");
  EXPECT_FALSE(store.requests.at({"prod", name})["spec"].contains("requiredApprovals"));
  const auto done = world.run(world.engine->approve({"prod", name}, std::string()));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->phase, Phase::completed);
  EXPECT_TRUE(done->approvals.empty());
  EXPECT_FALSE(status().contains("approvedBy"));
}

TEST_F(Approvals, one_no_is_enough) {
  World& world = begin("2");
  ASSERT_TRUE(vote(world, "alice"));
  const auto no = world.run(world.engine->reject({"prod", name}, "bob", "not today"));
  ASSERT_TRUE(no);
  EXPECT_EQ(no->phase, Phase::rejected);
  EXPECT_EQ(vote(world, "carol").error().message, "UpdateRequest is in Rejected state, cannot approve");
}

TEST_F(Approvals, the_workload_may_ask_for_more_later_and_never_for_less) {
  World& world = begin("2");
  const auto ask_for = [&](const char* approvals) {
    store.edit(deployment("web"),
               [&](nlohmann::json& o) { o["metadata"]["annotations"]["headwind.sh/approvals"] = approvals; });
    world.watch();
  };
  ask_for("3");
  ASSERT_TRUE(vote(world, "alice"));
  EXPECT_EQ(vote(world, "bob")->message, "2 of 3 approvals; waits for 1 more");
  ask_for("1");
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_EQ(vote(world, "bob")->phase, Phase::completed) << "the two that the request asked for";
}

TEST_F(Approvals, whoever_makes_a_request_by_hand_does_not_lower_the_number) {
  store.push(nginx, "1.26.0");
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"approvals", "2"}});
  World& world = launch(store);
  world.start();
  UpdateRequest request = by_hand();
  request.require_approval = false;
  submit(world, request);
  EXPECT_EQ(store.request("by-hand").phase, Phase::pending) << "the workload asks for two people";
  EXPECT_EQ(vote(world, "alice", {}, {}, "by-hand")->message, "1 of 2 approvals; waits for 1 more");
  EXPECT_EQ(vote(world, "bob", {}, {}, "by-hand")->phase, Phase::completed);
}

TEST_F(Approvals, a_misspelt_number_lets_nothing_through_without_a_person) {
  store.push(nginx, "1.26.0");
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"approvals", "two"}});
  World& world = launch(store);
  world.start();
  UpdateRequest request = by_hand();
  request.require_approval = false;
  submit(world, request);
  EXPECT_EQ(store.request("by-hand").phase, Phase::pending);
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(Approvals, a_tag_that_is_pushed_again_makes_what_was_approved_void_and_both_requests_say_so) {
  World& world = begin("2");
  ASSERT_TRUE(vote(world, "alice"));
  world.push(nginx, "1.26.0", digest('f'));
  ASSERT_EQ(store.requests.size(), 2U);
  const UpdateRequest old = store.request(name);
  EXPECT_EQ(old.phase, Phase::superseded);
  EXPECT_NE(old.message.find("tag 1.26.0 was pushed again and names " + digest('f') + " now; 1 approval is void"),
            std::string::npos)
      << old.message;
  std::string fresh;
  for (const std::string& other : store.request_names())
    if (other != name) fresh = other;
  EXPECT_EQ(store.request(fresh).digest, digest('f'));
  EXPECT_TRUE(store.request(fresh).approvals.empty());
  EXPECT_EQ(vote(world, "bob").error().message, "UpdateRequest is in Superseded state, cannot approve");
  EXPECT_EQ(vote(world, "bob", {}, {}, fresh)->message, "1 of 2 approvals; waits for 1 more") << "alice's is void";
}

TEST_F(Approvals, a_push_that_nobody_announced_is_noticed_by_the_next_person) {
  World& world = begin("3");
  ASSERT_TRUE(vote(world, "alice"));
  store.push(nginx, "1.26.0", digest('f'));
  const auto refused = vote(world, "bob");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(store.request(name).phase, Phase::superseded);
  EXPECT_EQ(store.request(name).message, "Tag 1.26.0 was pushed again since this was proposed: it names " +
                                             digest('f') + " now; 1 approval is void");
}

TEST_F(Approvals, a_push_that_nobody_announced_is_noticed_by_the_last_person_too) {
  World& world = begin("2");
  ASSERT_TRUE(vote(world, "alice"));
  store.push(nginx, "1.26.0", digest('f'));
  const auto refused = vote(world, "bob");
  ASSERT_FALSE(refused);
  EXPECT_EQ(store.request(name).phase, Phase::superseded);
  EXPECT_EQ(store.request(name).message, "Tag 1.26.0 was pushed again since this was proposed: it names " +
                                             digest('f') + " now; 2 approvals are void");
  EXPECT_EQ(store.patches, 0U);
}

TEST_F(Approvals, whoever_says_what_they_saw_approves_nothing_else) {
  World& world = begin("1");
  const auto refused = vote(world, "alice", {}, digest('0'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_NE(refused.error().message.find("is about " + store.request(name).digest), std::string::npos);
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_EQ(vote(world, "alice", {}, store.request(name).digest)->phase, Phase::completed);
}

TEST_F(Approvals, a_request_without_a_digest_is_bound_to_one_before_anybody_is_counted) {
  World& world = begin("2");
  submit(world, by_hand());
  ASSERT_EQ(store.request("by-hand").digest, "");
  ASSERT_TRUE(vote(world, "alice", {}, {}, "by-hand"));
  const UpdateRequest bound = store.request("by-hand");
  EXPECT_EQ(bound.digest, store.registry.at(nginx + ":1.26.0"));
  EXPECT_EQ(bound.approvals.at(0).digest, bound.digest);
}

TEST_F(Approvals, while_the_registry_is_away_nobody_approves_what_nobody_can_see) {
  World& world = begin("2");
  submit(world, by_hand());
  world.registry_error = make_error(Code::unavailable, "registry-1.docker.io does not answer");
  const auto refused = vote(world, "alice", {}, {}, "by-hand");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_NE(refused.error().message.find("shows no digest yet"), std::string::npos) << refused.error().message;
  EXPECT_TRUE(store.request("by-hand").approvals.empty());
  EXPECT_TRUE(vote(world, "alice")) << "what shows a digest is approved all the same";
}

TEST_F(Approvals, an_approval_of_another_digest_does_not_count) {
  World& world = begin("2");
  ASSERT_TRUE(vote(world, "alice"));
  store.requests.at({"prod", name})["status"]["approvals"][0]["digest"] = digest('9');
  store.requests.at({"prod", name})["metadata"]["resourceVersion"] = std::to_string(++store.version);
  world.watch();
  EXPECT_EQ(vote(world, "bob")->message, "1 of 2 approvals; waits for 1 more; 1 approval is void");
  EXPECT_EQ(vote(world, "alice")->phase, Phase::completed) << "she may say it again";
}

TEST_F(Approvals, a_request_that_is_opened_again_has_been_approved_by_nobody) {
  EngineOptions options = quick();
  options.request_lifetime = std::chrono::milliseconds(1000);
  World& world = begin("2", options);
  ASSERT_TRUE(vote(world, "alice"));
  for (int i = 0; i < 3000 && store.request(name).phase == Phase::pending; ++i)
    world.io.restart(), world.io.run_for(std::chrono::milliseconds(1));
  world.settle();
  ASSERT_EQ(store.request(name).phase, Phase::expired);
  EXPECT_EQ(store.request(name).message, "Nobody answered in time; 1 approval is void");
  store.requests.at({"prod", name})["metadata"]["annotations"]["headwind.sh/approve"] = "bob";
  store.requests.at({"prod", name})["metadata"]["resourceVersion"] = std::to_string(++store.version);
  world.watch();
  world.vouched = Result<>{};
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_TRUE(store.request(name).approvals.empty());
  EXPECT_EQ(store.request(name).notes.approve, "") << "what was written in its former life";
  EXPECT_EQ(world.vouched_for, 0U);
}

TEST_F(Approvals, each_workload_has_its_own_time) {
  const auto expiry = [&](const std::string& workload, const Annotations& more) {
    Annotations annotations{{"policy", "minor"}, {"min-update-interval", "0"}};
    annotations.insert(more.begin(), more.end());
    store.deploy("Deployment", workload, {{"app", "nginx:1.25.0"}}, annotations);
  };
  expiry("hour", {{"approval-timeout", "3600"}});
  expiry("never", {{"approval-timeout", "0"}});
  expiry("usual", {});
  World& world = launch(store);
  world.start();
  world.push(nginx, "1.26.0");
  const auto left = [&](const std::string& request) {
    return static_cast<double>(*store.request(request).expires_at_ms - system_clock().unix_ms());
  };
  EXPECT_NEAR(left("hour-app-1-26-0"), 3600'000.0, 60'000);
  EXPECT_NEAR(left("usual-app-1-26-0"), 24.0 * 3600'000, 60'000);
  EXPECT_FALSE(store.request("never-app-1-26-0").expires_at_ms);
  EXPECT_EQ(store.request("never-app-1-26-0").phase, Phase::pending);
}

TEST_F(Approvals, who_made_a_request_by_hand_may_not_approve_it_where_that_is_asked_for) {
  EngineOptions options = quick();
  options.exclude_trigger = true;
  World& world = begin("1", options);
  const auto why = [&](const std::string& who, const std::string& request) {
    const auto refused = vote(world, who, {}, {}, request);
    return refused ? std::string() : refused.error().message;
  };
  submit(world, by_hand());
  EXPECT_NE(why("alice", "by-hand").find("no policy is in force here"), std::string::npos) << "nobody can tell";
  world.vouched = Result<>{};
  EXPECT_NE(why("alice", "by-hand").find("headwind.sh/requested-by"), std::string::npos) << "nobody said";
  store.requests.at({"prod", "by-hand"})["metadata"]["annotations"]["headwind.sh/requested-by"] = "alice";
  store.requests.at({"prod", "by-hand"})["metadata"]["resourceVersion"] = std::to_string(++store.version);
  world.watch();
  EXPECT_EQ(why("alice", "by-hand"),
            "alice made UpdateRequest prod/by-hand and may not approve it (approvals.excludeTrigger)");
  EXPECT_NE(world.run(world.engine->approve({"prod", name}, std::string("alice"))).error().message.find("auth.mode"),
            std::string::npos)
      << "a name that nobody checked may be anybody's";
  EXPECT_EQ(vote(world, "bob", {}, {}, "by-hand")->phase, Phase::completed);
}

TEST_F(Approvals, a_push_has_no_user_so_anybody_may_approve_what_it_brought) {
  EngineOptions options = quick();
  options.exclude_trigger = true;
  World& world = begin("1", options);
  world.vouched = Result<>{};
  EXPECT_EQ(vote(world, "alice")->phase, Phase::completed);
}

}  // namespace
}  // namespace headwind::update::testing
