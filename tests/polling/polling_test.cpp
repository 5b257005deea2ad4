// SPDX-License-Identifier: Apache-2.0
#include "polling_world.hpp"

namespace headwind::app::testing {
namespace {

const std::string app = "registry.test/app";
using Images = std::map<std::string, std::string>;
std::string digest(char letter) { return "sha256:" + std::string(64, letter); }

struct PollingTest : PollingWorld {};

TEST_F(PollingTest, a_thousand_workloads_on_250_repositories_cost_250_listings_for_each_identity) {
  for (int i = 0; i < 1000; ++i)
    deploy("web" + std::to_string(i), app + std::to_string(i % 250) + ":1.0.0",
           (i < 500 ? "alice/" : "bob/") + std::to_string(i));
  for (int i = 0; i < 250; ++i) store.push(app + std::to_string(i), "1.0.0");
  options.interval = std::chrono::seconds(10);
  begin();
  // A round takes its whole interval, and the next one begins close behind it: on a slow machine some are asked twice
  // before the last is asked once, but none too early.
  ASSERT_TRUE(eventually([&] { return world->lists.size() == 500 && world->listings > 500; }));
  EXPECT_EQ(polling->timetable().streams(), 500U);
  std::map<std::string, std::size_t> lists_of;
  const std::int64_t least = options.interval.count() * 9 / 10;  // the tenth is the jitter
  for (const auto& [list, asked_ms] : world->lists) {
    ++lists_of[list.first];
    for (std::size_t i = 1; i < asked_ms.size(); ++i)
      EXPECT_GE(asked_ms[i] - asked_ms[i - 1], least) << list.first << " " << list.second;
  }
  EXPECT_EQ(lists_of, (std::map<std::string, std::size_t>{{"alice", 250}, {"bob", 250}}));
  EXPECT_TRUE(eventually([&] { return world->compat.polling_images_checked_total.value() >= 1000; }));
  EXPECT_EQ(world->look_ups, 0U);
}

TEST_F(PollingTest, T81_nobody_is_served_from_a_list_that_another_identity_read) {
  deploy("mine", app + ":1.0.0", "alice");
  deploy("theirs", app + ":1.0.0", "bob");
  begin();
  world->seen_by.emplace("alice", Images{{app + ":1.0.0", digest('0')}, {app + ":1.1.0", digest('1')}});
  world->seen_by.emplace("bob", Images{{app + ":1.0.0", digest('0')}});
  ASSERT_TRUE(cycles(6));
  EXPECT_EQ(store.image("mine"), app + ":1.1.0");
  EXPECT_EQ(store.image("theirs"), app + ":1.0.0");
}

TEST_F(PollingTest, T81_a_rotated_secret_moves_its_users_to_a_stream_of_their_own) {
  deploy("stays", app + ":1.0.0", "alice/1");
  deploy("moves", app + ":1.0.0", "alice/2");
  begin();
  world->seen_by.emplace("alice", Images{{app + ":1.0.0", digest('0')}});
  world->seen_by.emplace("carol", Images{{app + ":1.0.0", digest('0')}, {app + ":1.2.0", digest('2')}});
  ASSERT_TRUE(cycles(1));
  EXPECT_EQ(polling->timetable().streams(), 1U);
  EXPECT_EQ(world->asked_as.size(), 1U);
  world->identities.emplace("alice/2", Symbol("carol"));
  ASSERT_TRUE(eventually([&] { return store.image("moves") == app + ":1.2.0"; }));
  EXPECT_EQ(polling->timetable().streams(), 2U);
  EXPECT_EQ(store.image("stays"), app + ":1.0.0");
}

TEST_F(PollingTest, a_credential_that_changes_during_the_reading_serves_nobody_with_it) {
  deploy("web", app + ":1.0.0", "alice");
  begin();
  world->seen_by.emplace("alice", Images{{app + ":1.0.0", digest('0')}, {app + ":1.9.0", digest('9')}});
  world->seen_by.emplace("carol", Images{{app + ":1.0.0", digest('0')}, {app + ":1.1.0", digest('1')}});
  world->while_asked = [&] { world->identities.insert_or_assign("alice", Symbol("carol")); };
  ASSERT_TRUE(eventually([&] { return store.image("web") != app + ":1.0.0"; }));
  EXPECT_EQ(store.image("web"), app + ":1.1.0");
}

TEST_F(PollingTest, one_exact_tag_costs_one_look_up_and_no_list) {
  deploy("web", app + ":stable", "alice", {{"policy", "glob"}, {"pattern", "stable"}});
  store.push(app, "stable", digest('a'));
  begin();
  ASSERT_TRUE(cycles(2));
  EXPECT_EQ(world->listings, 0U);
  store.push(app, "stable", digest('b'));
  ASSERT_TRUE(eventually([&] { return store.patches == 1; }));
  ASSERT_TRUE(cycles(3));
  EXPECT_EQ(store.image("web"), app + ":stable@" + digest('b'));
  EXPECT_EQ(store.patches, 1U) << "T89: once per digest";
  EXPECT_EQ(world->listings, 0U);
  EXPECT_LE(static_cast<double>(world->look_ups), world->compat.polling_cycles_total.value() + 1)
      << "and what is applied was not asked for again";
}

TEST_F(PollingTest, T89_two_identities_follow_a_moving_tag_once_each) {
  for (const char* name : {"alice", "bob"}) deploy(name, app + ":stable@" + digest('a'), name, {{"policy", "force"}});
  store.push(app, "stable", digest('a'));
  begin();
  ASSERT_TRUE(cycles(2));
  store.push(app, "stable", digest('b'));
  ASSERT_TRUE(eventually([&] { return store.patches == 2; }));
  ASSERT_TRUE(cycles(6));
  EXPECT_EQ(store.patches, 2U);
  for (const char* name : {"alice", "bob"}) EXPECT_EQ(store.image(name), app + ":stable@" + digest('b'));
}

TEST_F(PollingTest, T87_a_deleted_current_tag_does_not_hide_newer_ones) {
  deploy("web", app + ":1.0.0", "alice", {{"policy", "force"}});
  for (const char* tag : {"2.0.0", "3.0.0"}) store.push(app, tag);
  begin();
  ASSERT_TRUE(cycles(2));
  EXPECT_EQ(world->compat.polling_errors_total.value(), 0);
  EXPECT_GE(world->compat.polling_images_checked_total.value(), 2);
}

TEST_F(PollingTest, a_doubtful_list_changes_nothing_and_is_told_once_to_each_user) {
  for (const char* name : {"one", "two"}) deploy(name, app + ":1.0.0", "alice");
  for (int i = 0; i < 10; ++i) store.push(app, "0." + std::to_string(i) + ".0");
  begin();
  ASSERT_TRUE(cycles(1));
  store.registry.clear();
  store.push(app, "1.5.0");
  ASSERT_TRUE(eventually([&] { return doubted("shrunk") == 2; }));
  EXPECT_EQ(store.patches, 0U);
  EXPECT_EQ(events("TagsNotRead"), 2U) << "one for each";
  EXPECT_EQ(
      world->metrics.counter("headwind_decisions_total", "", {{"verdict", "unknown"}, {"rule", "registry"}}).value(),
      4);
  ASSERT_TRUE(eventually([&] { return store.patches == 2; })) << "believed the third time";
  EXPECT_EQ(events("TagsNotRead"), 2U);
}

TEST_F(PollingTest, the_share_that_a_list_may_lose_is_a_setting) {
  options.shrink_share = 0.9;
  deploy("web", app + ":1.0.0", "alice");
  for (int i = 0; i < 10; ++i) store.push(app, "0." + std::to_string(i) + ".0");
  begin();
  ASSERT_TRUE(cycles(1));
  for (int i = 0; i < 7; ++i) store.registry.erase(app + ":0." + std::to_string(i) + ".0");
  ASSERT_TRUE(cycles(2));
  EXPECT_EQ(doubted("shrunk"), 0);
}

TEST_F(PollingTest, an_empty_list_is_doubted_each_time_and_told_once) {
  deploy("web", app + ":1.0.0", "alice", {{"policy", "force"}});
  begin();
  ASSERT_TRUE(cycles(4));
  EXPECT_GE(doubted("empty"), 4);
  EXPECT_EQ(events("TagsNotRead"), 1U);
}

TEST_F(PollingTest, a_clock_that_jumps_makes_one_reading_unknown) {
  deploy("web", app + ":1.0.0", "alice");
  store.push(app, "1.0.0");
  begin();
  ASSERT_TRUE(cycles(1));
  clock.jump_ms = 3'600'000;
  store.push(app, "1.1.0");
  ASSERT_TRUE(eventually([&] { return doubted("clock") == 1; }));
  EXPECT_EQ(store.patches, 0U);
  ASSERT_TRUE(eventually([&] { return store.patches == 1; }));
  EXPECT_EQ(doubted("clock"), 1);
}

TEST_F(PollingTest, an_answer_that_makes_no_sense_is_doubted) {
  deploy("web", app + ":1.0.0", "alice");
  make();
  world->registry_error = make_error(Code::invalid, "the chain of pages breaks off");
  begin();
  ASSERT_TRUE(cycles(2));
  EXPECT_GE(doubted("answer"), 2);
  EXPECT_EQ(events("TagsNotRead"), 1U);
}

TEST_F(PollingTest, who_needs_one_tag_only_is_served_where_the_list_is_not_to_be_had) {
  const Annotations one_tag{{"policy", "glob"}, {"pattern", "stable"}};
  for (const char* name : {"one", "two"}) deploy(name, app + ":stable", "alice", one_tag);
  deploy("lists", app + ":1.0.0", "alice");
  store.push(app, "stable", "sha256:" + std::string(64, 'a'));
  make();
  world->list_error = make_error(Code::unavailable, "the registry answered 503 to the list");
  begin();
  ASSERT_TRUE(cycles(2));
  EXPECT_EQ(events("TagsNotRead"), 1U) << "of the one that needs the list";
  store.push(app, "stable", "sha256:" + std::string(64, 'b'));
  EXPECT_TRUE(eventually([&] { return store.patches == 2; }));
  EXPECT_EQ(store.image("lists"), app + ":1.0.0");
}

TEST_F(PollingTest, T88_a_list_that_must_wait_does_not_hold_up_who_needs_one_tag_only) {
  deploy("one", app + ":stable", "alice", {{"policy", "glob"}, {"pattern", "stable"}});
  deploy("lists", app + ":1.0.0", "alice");
  store.push(app, "stable", "sha256:" + std::string(64, 'a'));
  make();
  world->list_error = Error{Code::throttled, "lets us ask 3 more times", true, std::chrono::milliseconds(50)};
  begin();
  ASSERT_TRUE(cycles(1));
  store.push(app, "stable", "sha256:" + std::string(64, 'b'));
  EXPECT_TRUE(eventually([&] { return store.patches == 1; }));
}

TEST_F(PollingTest, a_clock_that_jumps_while_nothing_is_read_is_no_news) {
  deploy("web", app + ":1.0.0", "alice");
  store.push(app, "1.0.0");
  begin();
  ASSERT_TRUE(cycles(1));
  clock.jump_ms = 3'600'000;
  world->registry_error = make_error(Code::unavailable, "no route to the host");
  ASSERT_TRUE(cycles(2));
  EXPECT_EQ(doubted("clock"), 0);
  world->registry_error.reset();
  EXPECT_TRUE(eventually([&] { return doubted("clock") == 1; }));
}

TEST_F(PollingTest, a_list_that_is_not_believed_does_not_hold_up_who_needs_one_tag_only) {
  const Annotations one_tag{{"policy", "glob"}, {"pattern", "stable"}};
  deploy("one", app + ":stable", "alice", one_tag);
  deploy("lists", app + ":1.0.0", "alice");
  store.push(app, "stable", "sha256:" + std::string(64, 'a'));
  for (int i = 0; i < 10; ++i) store.push(app, "0." + std::to_string(i) + ".0");
  begin();
  ASSERT_TRUE(cycles(1));
  store.registry.clear();
  store.push(app, "stable", "sha256:" + std::string(64, 'b'));
  store.push(app, "1.5.0");
  ASSERT_TRUE(eventually([&] { return store.patches == 1; }));
  EXPECT_NE(store.image("one"), app + ":stable");
  EXPECT_EQ(store.image("lists"), app + ":1.0.0");
  EXPECT_GE(doubted("shrunk"), 1);
}

TEST_F(PollingTest, a_rotated_secret_does_not_make_a_shrunk_list_believed) {
  deploy("web", app + ":1.0.0", "alice");
  for (int i = 0; i < 10; ++i) store.push(app, "0." + std::to_string(i) + ".0");
  begin();
  ASSERT_TRUE(cycles(1));
  store.registry.clear();
  store.push(app, "1.5.0");
  world->identities.emplace("alice", Symbol("alice/rotated"));
  ASSERT_TRUE(eventually([&] { return doubted("shrunk") == 2; }));
  EXPECT_EQ(store.patches, 0U);
}

TEST_F(PollingTest, T88_pacing_is_told_only_where_it_goes_on) {
  deploy("web", app + ":1.0.0", "alice");
  make();
  world->registry_error = Error{Code::throttled, "asked again in 1 s", true, std::chrono::milliseconds(100)};
  begin();
  ASSERT_TRUE(eventually([&] { return world->compat.polling_errors_total.value() >= 2; }));
  EXPECT_EQ(events("TagsNotRead"), 0U);
  ASSERT_TRUE(cycles(4));
  EXPECT_EQ(events("TagsNotRead"), 1U);
}

TEST_F(PollingTest, whose_identity_cannot_be_told_is_told_and_others_are_served) {
  deploy("fine", app + ":1.0.0", "alice/1");
  deploy("broken", app + ":1.0.0", "alice/2");
  store.push(app, "1.1.0");
  make();
  world->identities.emplace("alice/2", make_error(Code::unavailable, "the API server is down"));
  begin();
  ASSERT_TRUE(eventually([&] { return store.image("fine") == app + ":1.1.0" && events("TagsNotRead") == 1; }));
  EXPECT_EQ(store.image("broken"), app + ":1.0.0");
  world->identities.erase("alice/2");
  EXPECT_TRUE(eventually([&] { return store.image("broken") == app + ":1.1.0"; }));
}

TEST_F(PollingTest, the_sweep_uses_the_same_streams) {
  sweep = update::SweepMode::apply;
  deploy("polled", app + ":1.0.0", "alice");
  deploy("listens", app + ":1.0.0", "alice", {{"event-source", "webhook"}});
  store.push(app, "1.0.0");
  begin();
  ASSERT_TRUE(cycles(2));
  EXPECT_EQ(polling->timetable().streams(), 1U);
  EXPECT_LE(static_cast<double>(world->listings), world->compat.polling_cycles_total.value());
}

}  // namespace
}  // namespace headwind::app::testing
