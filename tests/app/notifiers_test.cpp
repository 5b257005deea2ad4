// SPDX-License-Identifier: Apache-2.0
// Outboxes with the real webhook plugin, and receivers that answer, refuse, or take a request and never answer.
#include "app/notifiers.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "net/raw.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using net::test::at;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NotifiersTest : public net::test::Loop {
 protected:
  void SetUp() override {
    http = std::make_shared<net::Client>(executor(), net::ClientOptions{});
    host = make_host();
    notifiers = make_notifiers();
  }
  void TearDown() override {
    run(notifiers->drain(std::chrono::milliseconds(0)));
    for (auto* one : {&host, &other_host})
      if (*one) run((*one)->shut_down(std::chrono::milliseconds(100)));
    http->shut_down();
    for (const auto& server : servers) run(server->drain(std::chrono::milliseconds(100)));
  }

  std::unique_ptr<plugin::Host> make_host() {
    plugin::HostOptions options;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    auto made = std::make_unique<plugin::Host>(executor(), http, metrics, options);
    made->load();
    return made;
  }
  std::unique_ptr<PluginNotifiers> make_notifiers() {
    return std::make_unique<PluginNotifiers>(executor(), system_clock(), Links{}, metrics, compat, inventory);
  }
  // An instance of the webhook plugin that posts there.
  static constexpr const char* kWebhook = "headwind.notifier.webhook";
  plugin::Notifier webhook(plugin::Host& of, const std::string& name, std::uint16_t port) {
    const auto made = run(of.create({name, kWebhook, R"({"max_retries":0})", {{"url", at(port, "/topSECRET")}}, {}}));
    EXPECT_TRUE(made) << made.error().message;
    for (const plugin::Notifier& notifier : of.notifiers())
      if (notifier.name() == name) return notifier;
    throw std::runtime_error("no such notifier");
  }
  void add(const std::string& name, std::uint16_t port) { notifiers->add(webhook(*host, name, port), kWebhook); }

  // Notes what arrives, "web:update_completed", and answers with `status`.
  std::uint16_t receiver(std::vector<std::string>& arrived, const unsigned& status) {
    servers.push_back(serve([&arrived, &status](net::ServerRequest request) -> Task<net::ServerResponse> {
      const auto body = nlohmann::json::parse(request.body);
      arrived.push_back(body["deployment"]["name"].get<std::string>() + ":" + body["event"].get<std::string>());
      co_return net::test::text(status, "");
    }));
    return servers.back()->port();
  }
  static update::Notification happening(const std::string& name,
                                        update::EventType type = update::EventType::update_completed) {
    update::Notification out;
    out.type = type;
    out.id = name + ":" + std::string(update::to_string(type));
    out.api_version = "apps/v1", out.kind = "Deployment", out.name_space = "shop", out.name = name;
    return out;
  }
  template <class Done>
  bool eventually(Done done) {
    const auto end = std::chrono::steady_clock::now() + net::test::patience;
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  api::NotifierStand stand(const std::string& name) const {
    for (api::NotifierStand& one : notifiers->notifiers())
      if (one.name == name) return std::move(one);
    return {};
  }

  telemetry::Metrics metrics;
  telemetry::CompatMetrics compat{metrics};
  inventory::Inventory inventory;
  std::shared_ptr<net::Client> http;
  std::unique_ptr<plugin::Host> host, other_host;
  std::unique_ptr<PluginNotifiers> notifiers;
  std::vector<std::unique_ptr<net::Server>> servers;
  std::vector<std::string> arrived;
  unsigned status = 200;
};

TEST_F(NotifiersTest, AReceiverThatNeverAnswersSlowsNoOther) {
  int taken = 0;
  net::test::RawServer stalled(io, [&](net::test::Tcp::socket& socket, int) -> Task<> {
    ++taken;
    co_await net::test::hear_all(socket);  // until the client gives up
  });
  add("good", receiver(arrived, status));
  add("stalled", stalled.port());
  for (int i = 0; i < 300; ++i) notifiers->tell(happening("web" + std::to_string(i)));
  ASSERT_TRUE(eventually([&] { return stand("good").sent == 300; })) << stand("good").sent;
  EXPECT_EQ(arrived.size(), 300U);
  ASSERT_TRUE(eventually([&] { return taken > 0; }));
  const api::NotifierStand good = stand("good"), other = stand("stalled");
  EXPECT_EQ(good.sent, 300U);
  EXPECT_EQ(good.state, "idle");
  EXPECT_EQ(other.sent, 0U);
  EXPECT_EQ(other.waiting, 300U);
  EXPECT_EQ(other.state, "sending") << "all that time in one call";
  EXPECT_EQ(compat.notifications_webhook_sent_total.value(), 300);
}

TEST_F(NotifiersTest, WhatOneReceiverRefusesIsADeadLetterThere) {
  const unsigned gone = 410;
  std::vector<std::string> refused;
  add("good", receiver(arrived, status));
  add("gone", receiver(refused, gone));
  notifiers->tell(happening("web"));
  ASSERT_TRUE(eventually([&] { return stand("gone").failed == 1 && stand("good").sent == 1; }));
  const api::NotifierStand dead = stand("gone");
  EXPECT_EQ(dead.state, "idle");
  EXPECT_GT(dead.told_up_to_ms, 0);
  ASSERT_EQ(dead.dead_letters.size(), 1U);
  EXPECT_EQ(dead.dead_letters[0].id, "web:update_completed");
  EXPECT_EQ(dead.dead_letters[0].workload, "apps/Deployment shop/web");
  EXPECT_THAT(dead.dead_letters[0].error, testing::AllOf(HasSubstr("410"), Not(HasSubstr("topSECRET"))));
  EXPECT_THAT(stand("good").dead_letters, IsEmpty());
}

TEST_F(NotifiersTest, AnotherInstanceOfTheNameTakesOverWhatWaits) {
  const unsigned down = 503;
  std::vector<std::string> refused;
  add("hook", receiver(refused, down));
  for (const char* name : {"web", "db"}) notifiers->tell(happening(name));
  ASSERT_TRUE(eventually([&] { return !stand("hook").error.empty() && stand("hook").next_try_ms != 0; }));
  EXPECT_EQ(stand("hook").state, "waiting");
  EXPECT_THAT(stand("hook").error, HasSubstr("503"));
  other_host = make_host();
  notifiers->add(webhook(*other_host, "hook", receiver(arrived, status)), kWebhook);
  ASSERT_TRUE(eventually([&] { return stand("hook").sent == 2; }));
  EXPECT_THAT(arrived, testing::UnorderedElementsAre("web:update_completed", "db:update_completed"));
}

TEST_F(NotifiersTest, OneThatIsRemovedIsToldWhatWaitsAndNothingMore) {
  std::vector<std::string> witnessed;
  add("hook", receiver(arrived, status));
  add("witness", receiver(witnessed, status));
  for (int i = 0; i < 50; ++i) notifiers->tell(happening("web" + std::to_string(i)));
  run(notifiers->remove("hook", std::chrono::seconds(30)));
  EXPECT_EQ(arrived.size(), 50U);
  EXPECT_THAT(notifiers->names(), ElementsAre("witness"));
  notifiers->tell(happening("late"));
  ASSERT_TRUE(eventually([&] { return stand("witness").sent == 51; }));
  run(notifiers->remove("hook", std::chrono::seconds(30)));
  EXPECT_EQ(arrived.size(), 50U);
}

TEST_F(NotifiersTest, WhatOneThatIsRemovedCouldNotBeToldIsNamedInTheLog) {
  const unsigned down = 503;
  add("hook", receiver(arrived, down));
  for (int i = 0; i < 30; ++i) notifiers->tell(happening("web" + std::to_string(i)));
  ASSERT_TRUE(eventually([&] { return !stand("hook").error.empty(); }));
  testing::internal::CaptureStderr();
  ASSERT_TRUE(telemetry::init_log({.json = true, .level = "info"}));
  run(notifiers->remove("hook", std::chrono::milliseconds(50)));
  ASSERT_TRUE(telemetry::init_log({.json = false, .level = "off"}));
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("notifications given up: their notifier was removed"));
  EXPECT_THAT(log, HasSubstr("\"events\":30"));
  EXPECT_THAT(log, HasSubstr("update_completed of apps/Deployment shop/web0, web0:update_completed"));
  EXPECT_THAT(log, HasSubstr("web19:update_completed"));
  EXPECT_THAT(log, Not(HasSubstr("web20:"))) << "of a thousand the oldest twenty";
}

TEST_F(NotifiersTest, ADrainThatHasEndedBeginsNoMoreCalls) {
  servers.push_back(serve([this](net::ServerRequest) -> Task<net::ServerResponse> {
    arrived.emplace_back();
    co_await sleep_for(std::chrono::milliseconds(300));
    co_return net::test::text(200, "");
  }));
  add("slow", servers.back()->port());
  notifiers->tell(happening("web"));
  notifiers->tell(happening("web", update::EventType::rollout_completed));  // waits for the one before
  ASSERT_TRUE(eventually([&] { return arrived.size() == 1; }));
  run(notifiers->drain(std::chrono::milliseconds(20)));
  ASSERT_TRUE(eventually([&] { return stand("slow").sent == 1; })) << "the call under way ends";
  EXPECT_EQ(stand("slow").state, "waiting") << "the marks are written: the next process tells the rest";
  EXPECT_EQ(stand("slow").waiting, 1U);
}

TEST_F(NotifiersTest, WhatNobodyIsToldAfterADrainDoesNotMoveTheMark) {
  const auto config = config::parse("notifications: {routes: [{to: [pager], events: [update_failed]}]}", "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  notifiers->set_routes(Routes(config->notification_routes));
  add("pager", receiver(arrived, status));
  run(notifiers->drain(std::chrono::seconds(1)));
  update::Notification dropped = happening("web", update::EventType::update_failed), other = happening("db");
  dropped.unix_ms = system_clock().unix_ms() + 1000;
  other.unix_ms = dropped.unix_ms + 1;
  notifiers->tell(dropped);
  notifiers->tell(other);
  EXPECT_LT(notifiers->marks().at("pager"), dropped.unix_ms) << "the next process tells it";
}

TEST_F(NotifiersTest, OnlyTheOneThatIsTriedNowForgetsItsPause) {
  std::vector<std::string> of_other;
  const unsigned down = 503;
  notifiers->set_pauses({.first = std::chrono::hours(1), .longest = std::chrono::hours(1)});
  add("one", receiver(arrived, down));
  add("other", receiver(of_other, down));
  notifiers->tell(happening("web"));
  const auto waits = [&](const char* name) { return stand(name).next_try_ms > system_clock().unix_ms() + 60'000; };
  ASSERT_TRUE(eventually([&] { return waits("one") && waits("other"); }));
  notifiers->try_now("one");
  EXPECT_TRUE(waits("other"));
  EXPECT_TRUE(eventually([&] { return arrived.size() == 2; }));
  EXPECT_EQ(of_other.size(), 1U);
  EXPECT_TRUE(waits("other"));
}

TEST_F(NotifiersTest, ADrainEndsInItsTimeAndTheNextProcessTellsTheRestOnce) {
  int taken = 0;
  net::test::RawServer stalled(io, [&](net::test::Tcp::socket& socket, int) -> Task<> {
    ++taken;
    co_await net::test::hear_all(socket);
  });
  add("good", receiver(arrived, status));
  add("stalled", stalled.port());
  std::vector<update::Notification> happened{happening("web"), happening("db"), happening("api")};
  for (auto& one : happened) one.unix_ms = system_clock().unix_ms();
  for (const auto& one : happened) notifiers->tell(one);
  ASSERT_TRUE(eventually([&] { return taken == 1 && arrived.size() == 3; }));
  const auto begin = std::chrono::steady_clock::now();
  run(notifiers->drain(std::chrono::milliseconds(300)));
  run(notifiers->drain(std::chrono::milliseconds(300)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "the call itself takes ten";
  notifiers->tell(happening("late"));
  EXPECT_EQ(stand("stalled").waiting, 3U);

  const auto marks = notifiers->marks();
  EXPECT_LT(marks.at("stalled"), happened[0].unix_ms);
  EXPECT_GE(marks.at("good"), happened[2].unix_ms);
  const auto next = make_notifiers();
  std::vector<std::string> told;
  other_host = make_host();
  next->add(webhook(*other_host, "good", receiver(told, status)), kWebhook);
  next->add(webhook(*other_host, "stalled", receiver(told, status)), kWebhook);
  for (const auto& [name, mark] : marks) {
    next->start_from(name, mark, notifiers->settled_ids(name));
    for (const auto& one : happened)
      if (one.unix_ms > mark) next->tell_one(name, one);
  }
  run(next->drain(std::chrono::seconds(30)));
  EXPECT_THAT(told, ElementsAre("web:update_completed", "db:update_completed", "api:update_completed"));
}

TEST_F(NotifiersTest, AreToldWhatTheirRoutesSayAndTheMarkPassesTheRest) {
  const auto config = config::parse(
      "notifications: {routes: [{to: [pager], events: [update_failed]}, {to: [team], labels: {team: shop}}]}",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  notifiers->set_routes(Routes(config->notification_routes));
  for (const char* name : {"web", "db"}) {
    inventory::Workload workload;
    workload.key = {"Deployment", "shop", name};
    const std::string team = name == std::string("web") ? "shop" : "data";
    workload.metadata = std::make_shared<const std::string>(R"({"labels":{"team":")" + team + R"("}})");
    inventory.upsert(std::move(workload));
  }
  inventory::Workload fresh;  // seen before the list that brings its labels
  fresh.key = {"Deployment", "shop", "fresh"};
  inventory.upsert(std::move(fresh));
  std::vector<std::string> paged, of_team;
  add("all", receiver(arrived, status));
  add("pager", receiver(paged, status));
  add("team", receiver(of_team, status));
  using update::EventType;
  for (const char* name : {"web", "db", "gone", "fresh"}) notifiers->tell(happening(name));
  notifiers->tell(happening("db", EventType::update_failed));
  update::Notification last = happening("db", EventType::rollout_completed);
  last.unix_ms = system_clock().unix_ms() + 1000;
  notifiers->tell(last);
  run(notifiers->drain(std::chrono::seconds(30)));
  EXPECT_EQ(arrived.size(), 6U);
  EXPECT_THAT(paged, ElementsAre("db:update_failed"));
  EXPECT_THAT(of_team, ElementsAre("web:update_completed", "fresh:update_completed"))
      << "too much rather than lost for good";
  EXPECT_EQ(notifiers->marks().at("pager"), last.unix_ms) << "else it is told when its routes change";
}

}  // namespace
}  // namespace headwind::app
