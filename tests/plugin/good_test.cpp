// SPDX-License-Identifier: Apache-2.0
// One well-behaved module of each kind.
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "world.hpp"

namespace headwind::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Good : public World {
 protected:
  void SetUp() override {
    start();
    for (const std::string kind : {"registry", "workload", "notifier", "policy"}) {
      const Result<> created = create("a-" + kind, "test." + kind + ".good");
      ASSERT_TRUE(created) << created.error().message;
    }
  }
};

TEST_F(Good, ListsTagsPageByPageAndKeepsColumnsAligned) {
  const Result<Tags> tags = run(host->registries().front().list_tags("docker.io/library/nginx"));
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_THAT(tags->names, ElementsAre("1.0.0", "1.1.0", "1.0.0", "1.1.0"));
  ASSERT_EQ(tags->digests.size(), 4U);
  EXPECT_EQ(tags->digests[0], "");
  EXPECT_THAT(tags->digests[2], testing::StartsWith("sha256:aaaa"));
  EXPECT_EQ(tags->digests[3], "");
  EXPECT_TRUE(tags->created_ms.empty());
}

TEST_F(Good, WhatFailSaysArrives) {
  const Result<Tags> tags = run(host->registries().front().list_tags("docker.io/bad/unknown"));
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, Code::throttled);
  EXPECT_TRUE(tags.error().retryable);
  EXPECT_EQ(tags.error().retry_after.count(), 7000);
  EXPECT_EQ(tags.error().message, "a-registry: list_tags: the registry asks us to slow down");
}

TEST_F(Good, TagsThatAreNotUtf8AreRefused) {
  const Result<Tags> tags = run(host->registries().front().list_tags("docker.io/bad/utf8"));
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, Code::internal);
  EXPECT_THAT(tags.error().message, HasSubstr("UTF-8"));
}

TEST_F(Good, ReadsWebhooksWithLowerCaseHeaders) {
  const auto pushes =
      run(host->registries().front().parse_webhook({{"X-Event", "push"}}, "docker.io/library/nginx 1.27.1"));
  ASSERT_TRUE(pushes) << pushes.error().message;
  ASSERT_EQ(pushes->size(), 1U);
  EXPECT_EQ(pushes->front().repository, "docker.io/library/nginx");
  EXPECT_EQ(pushes->front().tag, "1.27.1");
}

TEST_F(Good, WebhookFailuresKeepTheirCodes) {
  const Registry registry = host->registries().front();
  EXPECT_EQ(run(registry.parse_webhook({}, "x y")).error().code, Code::denied);
  EXPECT_EQ(run(registry.parse_webhook({{"x-event", ""}}, "nonsense")).error().code, Code::invalid);
}

TEST_F(Good, AHostileWebhookBodyIsTheSendersFaultAndSwitchesNothingOff) {
  const Registry registry = host->registries().front();
  for (int i = 0; i < 20; ++i) {
    const auto pushes = run(registry.parse_webhook({{"x-event", ""}}, "docker.io/library/nginx bad tag\n"));
    ASSERT_FALSE(pushes);
    EXPECT_EQ(pushes.error().code, Code::invalid);
    EXPECT_THAT(pushes.error().message, HasSubstr("tag"));
  }
  EXPECT_TRUE(run(registry.list_tags("docker.io/library/nginx")));
}

TEST_F(Good, DescribesItsWorkload) {
  const Result<Target> target = run(host->workloads().front().describe());
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_EQ(target->group, "apps");
  EXPECT_EQ(target->plural, "deployments");
  EXPECT_EQ(target->kind, "Deployment");
  EXPECT_THAT(target->versions, ElementsAre("v1"));
  EXPECT_THAT(target->companions, ElementsAre("apps/v1/replicasets"));
  EXPECT_THAT(target->related, ElementsAre("example.com/sources"));
}

TEST_F(Good, APageOfObjectsIsAnsweredOneByOne) {
  const auto answers = run(host->workloads().front().images({"nginx:1", "", "broken", "redis:7"}));
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0]->at(0).reference, "nginx:1");
  EXPECT_EQ(answers[0]->at(0).guard_value, "web");
  EXPECT_TRUE(answers[1]->empty());
  EXPECT_EQ(answers[2].error().message, "a-workload: images: the object has no containers");
  EXPECT_EQ(answers[3]->at(0).reference, "redis:7");
  EXPECT_TRUE(run(host->workloads().front().images({})).empty());
}

TEST_F(Good, AnImageMayLieInAnotherObjectWhichItNamesInFull) {
  const Workload workload = host->workloads().front();
  const auto answers = run(workload.images({"nginx:1", "redis:7"}, {"example.com/v1/sources/shop/charts", "more"}));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1]->at(0).object, "example.com/v1/sources/shop/charts");
  for (const char* object : {"shop/charts", "example.com//sources/shop/charts", "/v1/sources/shop/charts",
                             "example.com/v1/sources/shop/", "example.com/v1/sources/shop/charts/status"}) {
    const auto refused = run(workload.images({"nginx:1"}, {object}));
    ASSERT_FALSE(refused[0]) << object;
    EXPECT_THAT(refused[0].error().message, HasSubstr("group/version/plural/namespace/name"));
  }
}

TEST_F(Good, EachEventHasItsOwnFate) {
  std::vector<Event> events(4);
  events[1].text = "never";
  events[2].text = "stop";
  const auto fates = run(host->notifiers().front().send(events));
  ASSERT_EQ(fates.size(), 4U);
  EXPECT_TRUE(fates[0]);
  EXPECT_EQ(fates[1].error().code, Code::invalid);
  EXPECT_FALSE(fates[1].error().retryable);
  EXPECT_EQ(fates[1].error().message, "a-notifier: send: the plugin says \"invalid\" of this event and gave no reason");
  EXPECT_EQ(fates[2].error().message, "a-notifier: send: the peer is down");
  for (const std::size_t undelivered : {2U, 3U}) {
    EXPECT_EQ(fates[undelivered].error().code, Code::unavailable);
    EXPECT_TRUE(fates[undelivered].error().retryable);
    EXPECT_EQ(fates[undelivered].error().retry_after.count(), 3000);
  }
}

TEST_F(Good, WhatFollowsAnInvalidEventComesAgain) {
  for (const char* way : {"marked", "unmarked"}) {
    std::vector<Event> events(20);
    events[1].text = way;
    const auto fates = run(host->notifiers().front().send(events));
    ASSERT_EQ(fates.size(), 20U);
    EXPECT_TRUE(fates[0]);
    EXPECT_EQ(fates[1].error().code, Code::invalid) << way;
    EXPECT_FALSE(fates[1].error().retryable);
    EXPECT_EQ(fates[1].error().message, "a-notifier: send: the event is too long");
    for (std::size_t untried = 2; untried < fates.size(); ++untried) {
      EXPECT_TRUE(fates[untried].error().retryable) << way << ' ' << untried;
      EXPECT_EQ(fates[untried].error().message,
                "a-notifier: send: the plugin did not say what became of this event; it comes again");
    }
  }
}

TEST_F(Good, APluginsOwnMetricCarriesItsIdAndInstance) {
  run(host->notifiers().front().send(std::vector<Event>(3)));
  EXPECT_THAT(metrics.text(),
              HasSubstr("headwind_custom_test_notifier_good_delivered_total{instance=\"a-notifier\"} 3"));
}

TEST_F(Good, ChoosesAmongCandidates) {
  Tags tags;
  tags.names = {"1.0", "1.1", "1.2"};
  const Result<Choice> choice = run(host->policies().front().choose({}, tags, true));
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->verdict, Verdict::update);
  EXPECT_EQ(choice->index, 2U);
  EXPECT_EQ(choice->why, "the last one");
  ASSERT_EQ(choice->judgements.size(), 3U);
  EXPECT_EQ(choice->judgements[0].verdict, Verdict::hold);
  EXPECT_EQ(choice->judgements[2].verdict, Verdict::update);
  EXPECT_EQ(choice->judgements[2].reason, "by position");
  EXPECT_TRUE(run(host->policies().front().choose({}, tags, false))->judgements.empty());
}

TEST_F(Good, CallsAreCountedByHowTheyEnd) {
  PolicyQuery nonsense;
  nonsense.policy = "nonsense";
  run(host->policies().front().choose({}, {}, false));
  run(host->policies().front().choose(nonsense, {}, false));
  const std::string text = metrics.text();
  EXPECT_THAT(text,
              HasSubstr("headwind_plugin_calls_total{function=\"choose\",instance=\"a-policy\",status=\"ok\"} 1"));
  EXPECT_THAT(text,
              HasSubstr("headwind_plugin_calls_total{function=\"choose\",instance=\"a-policy\",status=\"invalid\"} 1"));
  EXPECT_THAT(text, HasSubstr("headwind_plugin_call_seconds_count{function=\"choose\",instance=\"a-policy\"} 2"));
}

TEST_F(Good, ManyCallsOfAllKindsRunAtOnce) {
  constexpr int kRounds = 300;
  int good = 0, ended = 0;
  const auto tally = [&](bool ok) { good += ok ? 1 : 0, ++ended; };
  for (int i = 0; i < kRounds; ++i) {
    Tags tags;
    tags.names = {"1.0", "1.1"};
    boost::asio::co_spawn(loop, host->policies().front().choose({}, tags, true),
                          [&](auto, auto r) { tally(r.has_value()); });
    boost::asio::co_spawn(loop, host->registries().front().list_tags("r"), [&](auto, auto r) { tally(r.has_value()); });
    boost::asio::co_spawn(loop, host->registries().front().parse_webhook({{"x-event", ""}}, "docker.io/a/b 1"),
                          [&](auto, auto r) { tally(r.has_value()); });
    boost::asio::co_spawn(loop, host->workloads().front().images({"a:1", "b:2"}),
                          [&](auto, auto r) { tally(r.at(0).has_value() && r.at(1).has_value()); });
    boost::asio::co_spawn(loop, host->notifiers().front().send(std::vector<Event>(1)),
                          [&](auto, auto r) { tally(r.at(0).has_value()); });
  }
  turn([&] { return ended == 5 * kRounds; });
  EXPECT_EQ(good, 5 * kRounds);
}

TEST_F(Good, ASerialPluginIsEnteredByOneThreadAtATime) {
  ASSERT_TRUE(create("one-by-one", "test.policy.serial"));
  int good = 0, ended = 0;
  for (int i = 0; i < 200; ++i) {
    for (const Policy& policy : host->policies()) {
      boost::asio::co_spawn(loop, policy.choose({}, {}, false), [&](auto, auto choice) {
        good += choice.has_value() ? 1 : 0;
        ++ended;
      });
    }
  }
  turn([&] { return ended == 400; });
  EXPECT_EQ(good, 400);
}

TEST_F(Good, StalledRegistryCallsHoldUpNoChoiceAndEndAtShutdown) {
  int ended = 0;
  for (int i = 0; i < 20; ++i) {
    boost::asio::co_spawn(loop, host->registries().front().list_tags("docker.io/slow/list"), [&](auto, auto tags) {
      EXPECT_EQ(tags.error().code, Code::cancelled);
      ++ended;
    });
  }
  EXPECT_TRUE(run(host->policies().front().choose({}, {}, false)));
  EXPECT_EQ(ended, 0);
  run(host->shut_down(std::chrono::milliseconds(2000)));
  turn([&] { return ended == 20; });
}

TEST_F(Good, ShuttingDownRefusesFurtherCalls) {
  const Policy policy = host->policies().front();
  run(host->shut_down(std::chrono::milliseconds(1000)));
  EXPECT_TRUE(host->policies().empty());
  EXPECT_EQ(run(policy.choose({}, {}, false)).error().code, Code::cancelled);
  EXPECT_EQ(create("late", "test.policy.good").error().code, Code::cancelled);
}

}  // namespace
}  // namespace headwind::plugin
