// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "bundle.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::Not;

class Notifiers : public Bundle {
 protected:
  Event event(const std::string& id = "e1") const {
    Event out;
    out.type = "update.completed";
    out.id = id;
    out.unix_ms = 1762425000000;
    out.details =
        R"({"event":"update_completed","timestamp":"2025-11-06T10:30:00Z","deployment":{"name":"web",)"
        R"("namespace":"prod","currentImage":"nginx:1.25.0","newImage":"nginx:1.26.0","resourceKind":"Deployment"}})";
    return out;
  }
  void add(const std::string& plugin, std::map<std::string, std::string> secrets, const std::string& settings = "{}") {
    const auto made = create("sink", plugin, settings, std::move(secrets));
    ASSERT_TRUE(made) << made.error().message;
  }
  std::vector<Result<>> send(std::vector<Event> events) {
    return run(host->notifiers().front().send(std::move(events)));
  }
};

TEST_F(Notifiers, T118_TheWebhookPostsTheDetailsAsTheyAre) {
  add("headwind.notifier.webhook", {{"url", receiver("/hook") + "\n"}});
  const auto fates = send({event()});
  ASSERT_TRUE(fates.at(0)) << fates[0].error().message;
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].body, event().details);
  EXPECT_EQ(net::find_header(received[0].headers, "Content-Type"), "application/json");
  EXPECT_EQ(net::find_header(received[0].headers, "X-Headwind-Signature"), "");
}

TEST_F(Notifiers, T119_TheWebhookSignsWhereASecretIsGranted) {
  add("headwind.notifier.webhook", {{"url", receiver("/hook")}, {"secret", "It's a Secret to Everybody"}});
  Event one = event();
  one.details = R"({"event":"x"})";
  ASSERT_TRUE(send({one}).at(0));
  // printf '{"event":"x"}' | openssl dgst -sha256 -hmac "It's a Secret to Everybody"
  EXPECT_EQ(net::find_header(received.at(0).headers, "X-Headwind-Signature"),
            "sha256=a7a3b16835dba96689765d935d57b5576f9a9624fbb4be5ef2583c4283b71a77");
}

TEST_F(Notifiers, T120_TheWebhookTriesAgainAfterOneAndTwoSeconds) {
  add("headwind.notifier.webhook", {{"url", receiver("/hook")}});
  statuses = {500, 404, 200};
  const auto fates = send({event()});
  ASSERT_TRUE(fates.at(0)) << fates[0].error().message;
  ASSERT_EQ(received.size(), 3u);
  EXPECT_GE(received[1].at - received[0].at, std::chrono::milliseconds(990));
  EXPECT_GE(received[2].at - received[1].at, std::chrono::milliseconds(1990));
}

TEST_F(Notifiers, TheWebhookGivesUpAfterItsRetries) {
  add("headwind.notifier.webhook", {{"url", receiver("/private/path")}}, R"({"max_retries":1})");
  statuses = {500, 503};
  const auto fates = send({event()});
  ASSERT_FALSE(fates.at(0));
  EXPECT_TRUE(fates[0].error().retryable);
  EXPECT_EQ(received.size(), 2u);
  EXPECT_THAT(fates[0].error().message, HasSubstr("503"));
  EXPECT_THAT(fates[0].error().message, Not(HasSubstr("private")));
}

TEST_F(Notifiers, EachAttemptOfTheWebhookHasItsOwnTimeout) {
  add("headwind.notifier.webhook", {{"url", receiver("/hook")}}, R"({"timeout_seconds":1,"max_retries":1})");
  silent = true;
  const auto fates = send({event()});
  ASSERT_FALSE(fates.at(0));
  EXPECT_TRUE(fates[0].error().retryable);
  EXPECT_EQ(received.size(), 2u) << "the first attempt did not use up the whole call";
}

TEST_F(Notifiers, T118_SlackGetsBlocks) {
  add("headwind.notifier.slack", {{"url", receiver("/services/T/B/x")}});
  ASSERT_TRUE(send({event()}).at(0));
  const auto body = nlohmann::json::parse(received.at(0).body);
  EXPECT_EQ(body["username"], "Headwind");
  EXPECT_EQ(body["icon_emoji"], ":robot_face:");
  EXPECT_EQ(body["blocks"][0]["text"]["text"], "🎉 Update completed: Deployment prod/web");
}

TEST_F(Notifiers, SlackRefusalsAreFinalAndThrottlingIsNot) {
  add("headwind.notifier.slack", {{"url", receiver("/services/T/B/topsecret")}});
  statuses = {404, 200, 429};
  Event broken = event("broken");
  broken.details = "[]";
  const auto fates = send({event("a"), event("b"), broken, event("c"), event("d")});
  ASSERT_EQ(fates.size(), 5u);
  ASSERT_FALSE(fates[0]);
  EXPECT_FALSE(fates[0].error().retryable);
  EXPECT_TRUE(fates[1]);
  ASSERT_FALSE(fates[2]);
  EXPECT_FALSE(fates[2].error().retryable);
  ASSERT_FALSE(fates[3]);
  EXPECT_TRUE(fates[3].error().retryable);
  ASSERT_FALSE(fates[4]);
  EXPECT_TRUE(fates[4].error().retryable);
  EXPECT_EQ(received.size(), 3u) << "after the throttling nothing more is sent";
  for (const auto& fate : fates)
    if (!fate) EXPECT_THAT(fate.error().message, Not(HasSubstr("topsecret")));
}

TEST_F(Notifiers, T118_TeamsGetsAMessageCardAndAnAdaptiveOneWhereTheSettingSaysSo) {
  add("headwind.notifier.teams", {{"url", receiver("/x")}});
  ASSERT_TRUE(send({event()}).at(0));
  EXPECT_EQ(nlohmann::json::parse(received.at(0).body)["@type"], "MessageCard");
  ASSERT_TRUE(create("adaptive", "headwind.notifier.teams", R"({"card":"adaptive_card"})", {{"url", receiver("/x")}}));
  ASSERT_TRUE(run(host->notifiers().front().send({event()})).at(0));  // by name: "adaptive" comes first
  EXPECT_EQ(nlohmann::json::parse(received.at(1).body)["type"], "message");
}

TEST_F(Notifiers, AMissingUrlIsRefusedWhenTheInstanceIsMade) {
  for (const char* plugin : {"headwind.notifier.webhook", "headwind.notifier.slack", "headwind.notifier.teams"}) {
    const auto made = create(plugin, plugin);
    ASSERT_FALSE(made) << plugin;
    EXPECT_THAT(made.error().message, HasSubstr("url"));
  }
}

}  // namespace
}  // namespace headwind::plugin
