// SPDX-License-Identifier: Apache-2.0
// Answers that somebody wrote on a request with kubectl: they count where the API server vouches for who wrote them.
#include <gtest/gtest.h>

#include <algorithm>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
const std::string name = "web-app-1-26-0";
using Notes = std::map<std::string, std::string>;

struct ApprovalNotes : ::testing::Test {
  World& begin(const std::string& approvals = "1") {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}},
                 {{"policy", "minor"}, {"min-update-interval", "0"}, {"approvals", approvals}});
    World& world = launch(store);
    world.vouched = Result<>{};
    world.start();
    world.push(nginx, "1.26.0");
    return world;
  }
  // A person's kubectl annotate.
  void annotate(const Notes& notes) {
    nlohmann::json& object = store.requests.at({"prod", name});
    for (const auto& [key, value] : notes) object["metadata"]["annotations"]["headwind.sh/" + key] = value;
    object["metadata"]["resourceVersion"] = std::to_string(++store.version);
  }
  void annotate(World& world, const Notes& notes) {
    annotate(notes);
    world.watch();
    world.settle();
  }
  bool is_annotated() const {
    const RequestNotes notes = store.request(name).notes;
    return notes.answered() || !notes.comment.empty();
  }
  std::string event(const std::string& reason) const {
    const auto found = std::find_if(store.events.begin(), store.events.end(), [&](const std::string& one) {
      return one.find(" " + reason + ": ") != std::string::npos;
    });
    return found == store.events.end() ? std::string() : *found;
  }
  Store store;
};

TEST_F(ApprovalNotes, an_approval_is_counted_under_its_writers_name_and_taken_off) {
  World& world = begin();
  annotate(world, {{"approve", "alice"}, {"comment", "looks good"}});
  const UpdateRequest done = store.request(name);
  EXPECT_EQ(done.phase, Phase::completed);
  EXPECT_EQ(done.approved_by, "alice");
  ASSERT_EQ(done.approvals.size(), 1U);
  EXPECT_EQ(done.approvals[0].comment, "looks good");
  EXPECT_EQ(done.approvals[0].digest, done.digest);
  EXPECT_FALSE(is_annotated());
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(ApprovalNotes, a_rejection_takes_its_reason_from_the_comment) {
  World& world = begin();
  annotate(world, {{"reject", "alice"}, {"comment", "not on a Friday"}});
  EXPECT_EQ(store.request(name).phase, Phase::rejected);
  EXPECT_EQ(store.request(name).rejected_by, "alice");
  EXPECT_EQ(store.request(name).message, "not on a Friday");
  EXPECT_FALSE(is_annotated());
}

TEST_F(ApprovalNotes, a_person_counts_once_whichever_way_they_answer) {
  World& world = begin("2");
  annotate(world, {{"approve", "alice"}});
  EXPECT_EQ(store.request(name).message, "1 of 2 approvals; waits for 1 more");
  EXPECT_FALSE(is_annotated());
  ASSERT_TRUE(world.run(world.engine->approve({"prod", name}, Vote{"alice", true, {}, {}})));
  annotate(world, {{"approve", "alice"}});
  EXPECT_EQ(store.request(name).message, "1 of 2 approvals; waits for 1 more");
  EXPECT_FALSE(is_annotated());
  EXPECT_NE(event("ApprovalCounted").find("alice approved UpdateRequest " + name + ": 1 of 2"), std::string::npos);
  ASSERT_TRUE(world.run(world.engine->approve({"prod", name}, Vote{"bob", true, {}, {}})));
  EXPECT_EQ(store.request(name).approved_by, "alice, bob");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(ApprovalNotes, what_nothing_vouches_for_is_not_obeyed_and_an_event_says_why) {
  World& world = begin();
  world.vouched = make_error(Code::denied, "the cluster has no ValidatingAdmissionPolicy approvals-v1.headwind.sh");
  annotate(world, {{"approve", "alice"}, {"comment", "trust me"}});
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_TRUE(store.request(name).approvals.empty());
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(event("ApprovalNotCounted"),
            "Deployment prod/web ApprovalNotCounted: an answer in the name of alice on UpdateRequest " + name +
                " is not counted: the cluster has no ValidatingAdmissionPolicy approvals-v1.headwind.sh");
  EXPECT_FALSE(is_annotated()) << "so that it does not count later, when a policy vouches for what is written then";
}

TEST_F(ApprovalNotes, a_rejection_that_nothing_vouches_for_is_not_obeyed_either) {
  World& world = begin();
  world.vouched = make_error(Code::denied, "no policy");
  annotate(world, {{"reject", "alice"}});
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_NE(event("ApprovalNotCounted"), "");
}

TEST_F(ApprovalNotes, while_nobody_can_tell_it_waits_and_is_counted_then) {
  World& world = begin();
  world.vouched = make_error(Code::unavailable, "the API server does not answer");
  annotate(world, {{"approve", "alice"}});
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_TRUE(is_annotated());
  EXPECT_EQ(event("ApprovalNotCounted"), "");
  world.vouched = Result<>{};
  annotate(world, {});
  EXPECT_EQ(store.request(name).phase, Phase::completed);
}

TEST_F(ApprovalNotes, one_that_both_approves_and_rejects_does_neither) {
  World& world = begin();
  annotate(world, {{"approve", "alice"}, {"reject", "alice"}});
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_NE(event("ApprovalNotCounted").find("both approves and rejects"), std::string::npos);
  EXPECT_FALSE(is_annotated());
}

TEST_F(ApprovalNotes, an_approval_of_a_tag_that_moved_is_told_and_counts_for_nothing) {
  World& world = begin();
  store.push(nginx, "1.26.0", "sha256:" + std::string(64, 'f'));
  annotate(world, {{"approve", "alice"}});
  EXPECT_EQ(store.request(name).phase, Phase::superseded);
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_FALSE(is_annotated());
}

TEST_F(ApprovalNotes, what_was_written_while_headwind_was_away_is_counted_at_its_start) {
  begin();
  annotate(Notes{{"approve", "alice"}});
  World& next = launch(store);
  next.vouched = Result<>{};
  next.start();
  EXPECT_EQ(store.request(name).phase, Phase::completed);
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(ApprovalNotes, a_kill_at_any_write_counts_each_once_and_applies_once) {
  // Two people answer; the process dies at the `n`th write after the proposal (0: never), and another is started.
  const auto play = [&](std::size_t n, bool after) {
    store = Store();
    World* world = &begin("2");
    const std::size_t before = world->writes();
    if (n > 0) world->die_at(before + n, after);
    for (const char* who : {"alice", "bob"}) {
      annotate(*world, {{"approve", who}});
      if (!world->dead()) continue;
      world = &launch(store);
      world->vouched = Result<>{};
      world->start();
    }
    EXPECT_EQ(store.request(name).phase, Phase::completed) << n << after;
    EXPECT_EQ(store.request(name).approved_by, "alice, bob") << n << after;
    EXPECT_EQ(store.patches, 1U) << n << after;
    return world->writes() - before;
  };
  const std::size_t writes = play(0, false);
  ASSERT_GE(writes, 6U) << "two votes, two annotations taken off, the intent, the patch, the end";
  for (std::size_t n = 1; n <= writes; ++n)
    for (const bool after : {false, true}) play(n, after);
}

}  // namespace
}  // namespace headwind::update::testing
