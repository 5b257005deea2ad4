// SPDX-License-Identifier: Apache-2.0
// Why a workload runs what it runs, said without changing anything.
#include "update/explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const std::string nginx = "docker.io/library/nginx";
const std::string name = "web-app-1-26-0";
using Annotations = std::map<std::string, std::string>;
const Annotations manual{{"policy", "minor"}, {"min-update-interval", "0"}};

struct Explained : ::testing::Test {
  World& deployed(const Annotations& annotations, EngineOptions options = quick()) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}, {"side", "redis:7.0"}}, annotations);
    for (const char* tag : {"1.25.0", "1.25.1", "1.26.0", "2.0.0", "stable"}) store.push(nginx, tag);
    World& world = launch(store, std::move(options));
    world.start();
    return world;
  }
  static Explanation explain(World& world, const std::string& workload = "web") {
    const std::size_t writes = world.writes();
    auto explanation = world.run(world.engine->explain({"Deployment", "prod", workload}));
    EXPECT_TRUE(explanation) << explanation.error().message;
    EXPECT_EQ(world.writes(), writes) << "whoever asks changes nothing";
    return explanation ? std::move(*explanation) : Explanation{};
  }
  static const ExplainedCandidate& candidate(const Explanation& explanation, const std::string& tag) {
    static const ExplainedCandidate none;
    for (const ExplainedCandidate& one : explanation.slots.at(0).candidates)
      if (one.tag == tag) return one;
    ADD_FAILURE() << "no candidate " << tag;
    return none;
  }
  static const ExplainedWait* wait(const Explanation& explanation, std::string_view kind) {
    for (const ExplainedWait& one : explanation.waits)
      if (one.kind == kind) return &one;
    return nullptr;
  }
  Store store;
};

TEST_F(Explained, every_candidate_has_a_verdict_and_its_rule) {
  World& world = deployed(manual);
  const Explanation explanation = explain(world);
  ASSERT_EQ(explanation.slots.size(), 2U);
  const ExplainedSlot& app = explanation.slots[0];
  EXPECT_EQ(app.slot, "containers/app");
  EXPECT_EQ(app.registry.tags, 5U);
  EXPECT_EQ(app.registry.running_digest, store.registry.at(nginx + ":1.25.0"));
  EXPECT_EQ(app.choice, "1.26.0");
  EXPECT_EQ(app.candidates.front().tag, "1.26.0") << "the chosen one comes first";
  EXPECT_TRUE(app.candidates.front().chosen);
  EXPECT_EQ(candidate(explanation, "1.25.1").verdict, Verdict::update);
  EXPECT_EQ(candidate(explanation, "2.0.0").verdict, Verdict::hold);
  EXPECT_EQ(candidate(explanation, "2.0.0").rule, "policy minor");
  EXPECT_EQ(app.updates + app.held + app.ignored, 5U);
  ASSERT_NE(wait(explanation, "source"), nullptr);
  EXPECT_THAT(wait(explanation, "source")->sentence, HasSubstr("listens to webhooks only, so 1.26.0 is taken when"));
  EXPECT_THAT(explanation.summary, HasSubstr("containers/app may go from nginx:1.25.0 to 1.26.0"));
  EXPECT_EQ(store.requests.size(), 0U);
}

TEST_F(Explained, who_asks_again_costs_the_registry_nothing) {
  World& world = deployed({{"policy", "minor"}, {"images", "app"}});
  explain(world);
  const std::size_t listings = world.listings, look_ups = world.look_ups;
  EXPECT_EQ(listings, 1U);
  const Explanation again = explain(world);
  EXPECT_EQ(again.slots[0].choice, "1.26.0");
  EXPECT_EQ(again.slots[0].registry.running_digest, store.registry.at(nginx + ":1.25.0"));
  EXPECT_EQ(world.listings, listings);
  EXPECT_EQ(world.look_ups, look_ups);
  EXPECT_FALSE(again.slots[1].followed);
  EXPECT_THAT(again.slots[1].why, HasSubstr("headwind.sh/images names neither side"));
}

TEST_F(Explained, a_request_that_waits_says_how_many_must_agree_and_until_when) {
  World& world = deployed({{"policy", "minor"}, {"min-update-interval", "0"}, {"approvals", "2"}});
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.request(name).phase, Phase::pending);
  const Explanation explanation = explain(world);
  const ExplainedWait* approval = wait(explanation, "approval");
  ASSERT_NE(approval, nullptr);
  EXPECT_THAT(approval->sentence, HasSubstr("has 0 of 2 approvals"));
  ASSERT_TRUE(store.request(name).expires_at_ms);
  EXPECT_EQ(approval->until_ms, store.request(name).expires_at_ms);
  const std::string expiry =
      "without an answer it expires at " + format_rfc3339(*store.request(name).expires_at_ms) + ".";
  EXPECT_THAT(approval->sentence, HasSubstr("; " + expiry));
  EXPECT_TRUE(explanation.summary.ends_with(expiry)) << explanation.summary;
  EXPECT_THAT(explanation.summary, HasSubstr("UpdateRequest prod/" + name));
}

TEST_F(Explained, a_rejected_version_is_held_by_its_request) {
  World& world = deployed(manual);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->reject({"prod", name}, "bob", "breaks the login")));
  world.settle();
  const Explanation explanation = explain(world);
  EXPECT_EQ(explanation.slots[0].choice, "");
  EXPECT_EQ(candidate(explanation, "1.26.0").verdict, Verdict::hold);
  EXPECT_EQ(candidate(explanation, "1.26.0").rule, "UpdateRequest prod/" + name);
  ASSERT_EQ(explanation.remembered.size(), 1U);
  EXPECT_EQ(explanation.remembered[0].by, "bob");
  EXPECT_EQ(explanation.remembered[0].why, "breaks the login");
  EXPECT_EQ(explanation.remembered[0].image, "nginx:1.26.0");
}

TEST_F(Explained, mistakes_are_told_with_their_annotation) {
  World& world = deployed({{"policy", "minor"}, {"min-update-interval", "soon"}, {"polcy", "all"}});
  const Explanation explanation = explain(world);
  ASSERT_EQ(explanation.settings.mistakes.size(), 2U);
  EXPECT_EQ(explanation.settings.mistakes[0].field, "headwind.sh/min-update-interval");
  EXPECT_EQ(explanation.settings.mistakes[1].annotation, "headwind.sh/polcy");
  EXPECT_THAT(explanation.settings.mistakes[1].sentence, HasSubstr("did you mean headwind.sh/policy?"));
  ASSERT_NE(wait(explanation, "mistake"), nullptr);
  EXPECT_EQ(explanation.summary,
            "Deployment prod/web: It is left alone until its mistake is mended: headwind.sh/min-update-interval.");
  const std::string text = to_text(explanation), sentence = explanation.settings.mistakes[0].sentence;
  const std::size_t told = text.find(sentence);
  ASSERT_NE(told, std::string::npos) << text;
  EXPECT_EQ(text.find(sentence, told + 1), std::string::npos) << text;
  ASSERT_FALSE(explanation.events.empty());
  EXPECT_EQ(explanation.events[0].reason, "InvalidAnnotation");
}

TEST_F(Explained, a_suspension_and_an_interval_are_waited_for) {
  World& world = deployed({{"policy", "minor"}, {"suspend", "true"}});
  EXPECT_THAT(wait(explain(world), "obstacle")->sentence, HasSubstr("until headwind.sh/suspend is taken off"));
  const std::int64_t now = system_clock().unix_ms();
  store.edit(deployment("web"), [&](nlohmann::json& o) {
    o["metadata"]["annotations"]["headwind.sh/suspend"] = "false";
    o["metadata"]["annotations"]["headwind.sh/last-update"] = format_rfc3339(now - 1000);
  });
  world.watch();
  const Explanation explanation = explain(world);
  EXPECT_EQ(wait(explanation, "obstacle"), nullptr);
  ASSERT_NE(wait(explanation, "interval"), nullptr);
  EXPECT_EQ(wait(explanation, "interval")->until_ms, now - 1000 + 300'000);
}

TEST_F(Explained, a_registry_that_does_not_answer_is_a_sentence_with_its_time) {
  World& world = deployed(manual);
  world.list_error = make_error(Code::throttled, "docker.io asks to be left alone");
  world.list_error->retry_after = std::chrono::seconds(40);
  const Explanation explanation = explain(world);
  EXPECT_EQ(explanation.slots[0].registry.trouble, "docker.io asks to be left alone");
  ASSERT_NE(wait(explanation, "registry"), nullptr);
  EXPECT_GT(*wait(explanation, "registry")->until_ms, system_clock().unix_ms());
  EXPECT_THAT(explanation.slots[0].why, HasSubstr("its tags are not known"));
}

TEST_F(Explained, who_asks_again_and_again_about_a_dead_registry_asks_it_once) {
  World& world = deployed({{"policy", "minor"}, {"images", "app"}});
  world.list_error = make_error(Code::unavailable, "docker.io does not answer");
  EXPECT_EQ(explain(world).slots[0].registry.trouble, "docker.io does not answer");
  for (int i = 0; i < 20; ++i) {
    const Explanation again = explain(world);
    EXPECT_THAT(again.slots[0].registry.trouble, MatchesRegex("docker.io does not answer .as of [0-9]+ s ago."));
    EXPECT_THAT(to_text(again), HasSubstr("its tags are not known: docker.io does not answer (as of "));
  }
  EXPECT_EQ(world.listings, 1U);
  EXPECT_EQ(world.look_ups, 0U);
}

TEST_F(Explained, those_who_ask_at_the_same_time_ask_the_registry_once) {
  World& world = deployed({{"policy", "minor"}, {"images", "app"}});
  store.deploy("Deployment", "beside", {{"app", "nginx:1.25.0"}}, {{"policy", "major"}});
  world.watch();
  const auto all = [&]() -> Task<Result<std::size_t>> {
    std::size_t answered = 0;
    for (int i = 0; i < 30; ++i)
      spawn(world.io.get_executor(), "asks", [](World& in, int number, std::size_t& done) -> Task<> {
        const auto told = co_await in.engine->explain({"Deployment", "prod", number % 2 == 0 ? "web" : "beside"});
        EXPECT_TRUE(told && told->slots.at(0).registry.tags == 5);
        ++done;
      }(world, i, answered));
    while (answered < 30) co_await sleep_for(std::chrono::milliseconds(1));
    co_return answered;
  };
  EXPECT_EQ(world.run(all()).value(), 30U);
  EXPECT_EQ(world.listings, 1U);
  EXPECT_EQ(world.look_ups, 1U);
}

TEST_F(Explained, what_has_been_done_is_told_newest_first) {
  World& world = deployed({{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.image("web"), "nginx:1.26.0");
  const Explanation explanation = explain(world);
  ASSERT_EQ(explanation.history.size(), 2U);
  EXPECT_EQ(explanation.history[0].image, "nginx:1.26.0");
  ASSERT_FALSE(explanation.events.empty());
  EXPECT_EQ(explanation.events[0].reason, "Updated");
  EXPECT_EQ(explanation.slots[0].choice, "");
  EXPECT_THAT(to_text(explanation), HasSubstr("containers/app stays on nginx:1.26.0"));
}

TEST_F(Explained, text_and_json_say_the_same) {
  World& world = deployed(manual);
  const Explanation explanation = explain(world);
  const auto json = nlohmann::json::parse(to_json(explanation));
  EXPECT_EQ(json["summary"], explanation.summary);
  EXPECT_EQ(json["slots"][0]["choice"], "1.26.0");
  EXPECT_EQ(json["slots"][0]["counts"]["update"], 2);
  EXPECT_EQ(json["annotations"][0]["value"], "minor");
  EXPECT_EQ(json["annotations"][0]["written"], true);
  const std::string text = to_text(explanation);
  EXPECT_THAT(text, HasSubstr(explanation.summary));
  EXPECT_THAT(text, HasSubstr("\n  > 1.26.0  update "));
  EXPECT_THAT(text, HasSubstr("headwind.sh/event-source          webhook (default)"));
  EXPECT_THAT(text, HasSubstr("Nobody that is known."));
  EXPECT_THAT(text, Not(HasSubstr("  \n")));
}

TEST_F(Explained, who_else_writes_it_is_said_and_how_old_the_facts_are) {
  World& world = deployed({{"policy", "minor"}, {"force-ownership", "true"}});
  store.set_owner(deployment("web"), "Argo CD application shop");
  world.watch();
  world.settle();
  const std::int64_t before = system_clock().unix_ms();
  Explanation explanation = explain(world);
  EXPECT_EQ(explanation.owner, "Argo CD application shop");
  ASSERT_TRUE(explanation.slots[0].registry.asked);
  const std::int64_t read_ms = explanation.slots[0].registry.read_ms;
  EXPECT_GE(read_ms, before);
  EXPECT_LE(read_ms, explanation.at_ms);
  explanation.at_ms = read_ms + 90'000;  // as one who asks later and is told of the same reading
  const auto json = nlohmann::json::parse(to_json(explanation));
  EXPECT_EQ(json["owner"], "Argo CD application shop");
  EXPECT_EQ(json["slots"][0]["registry"]["readAt"], format_rfc3339(read_ms));
  EXPECT_EQ(json["slots"][0]["registry"]["ageSeconds"], 90);
  const std::string text = to_text(explanation);
  EXPECT_THAT(text, HasSubstr("Argo CD application shop; headwind.sh/force-ownership has Headwind update it"));
  EXPECT_THAT(text, HasSubstr("The registry was asked 90 s ago and lists 5 tags."));
}

TEST_F(Explained, the_facts_of_one_who_asks_again_are_of_the_first_reading) {
  World& world = deployed(manual);
  const std::int64_t first = explain(world).slots[0].registry.read_ms;
  const std::int64_t then = system_clock().unix_ms();
  while (system_clock().unix_ms() == then) {
  }
  const Explanation again = explain(world);
  EXPECT_EQ(again.slots[0].registry.read_ms, first);
  EXPECT_GT(again.at_ms, first);
}

TEST_F(Explained, the_running_tag_that_is_not_listed_is_counted_apart) {
  World& world = deployed(manual);
  store.push("docker.io/library/redis", "7.1");
  const std::string text = to_text(explain(world));
  EXPECT_THAT(text, HasSubstr("lists 5 tags.\n")) << "1.25.0 runs, and is one of them";
  EXPECT_THAT(text, HasSubstr("lists 1 tag, not the running one: with it, there are 2.\n"));
}

TEST_F(Explained, what_is_not_ours_is_not_found) {
  World& world = deployed(manual);
  const auto nothing = world.run(world.engine->explain({"Deployment", "prod", "nope"}));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Code::not_found);
}

}  // namespace
}  // namespace headwind::update::testing
