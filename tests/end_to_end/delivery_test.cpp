// SPDX-License-Identifier: Apache-2.0
// A receiver that takes notifications and never answers: nobody else notices, and it is told after the restart.
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;
using testing::Not;

class Delivery : public EndToEnd {
 protected:
  // Beside the usual receiver, which answers. One call to it lasts for longer than any test.
  OperatorSettings with_stalled() const {
    OperatorSettings all = settings();
    all.instances.push_back({{"name", "stalled"},
                             {"plugin", "headwind.notifier.webhook"},
                             {"settings", {{"timeout_seconds", 300}}},
                             {"deadlines", {{"send", "600s"}}},
                             {"secrets", {{"url", {{"environment", "STALLED_URL"}}}}}});
    all.environment.push_back("STALLED_URL=" + stalled.url());
    return all;
  }
  Json notifier(const std::string& name) const {
    const Reply reply = headwind->api("GET", "/api/v1/notifications?notifier=" + name);
    return reply.status == 200 ? Json::parse(reply.body).at("notifiers").at(0) : Json();
  }

  Json instance(const std::string& name) const {
    const Json plugins = Json::parse(headwind->api("GET", "/api/v1/plugins").body, nullptr, false);
    for (const Json& one : plugins["instances"])
      if (one["name"] == name) return one;
    return nullptr;
  }

  Receiver stalled;
};

TEST_F(Delivery, a_receiver_that_never_answers_holds_up_nobody_and_is_told_after_a_restart) {
  const std::size_t count = 8;
  registry().push(repository(), "1.0.0");
  stalled.be_slow(std::chrono::hours(1));
  start(with_stalled());
  for (std::size_t i = 0; i < count; ++i)
    deploy({"Deployment", "web" + std::to_string(i), {{"app", image("1.0.0")}}, automatic()});
  registry().push(repository(), "1.1.0");
  for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(runs(image("1.1.0"), "web" + std::to_string(i)));
  ASSERT_TRUE(eventually([&] { return receiver->count(space, "update_completed") == count; }))
      << receiver->count(space, "update_completed");
  const Json before = notifier("stalled");
  EXPECT_EQ(before["sent"], 0) << before;
  // Whatever the machine's speed: had an update waited for a call to it, that call would have ended by now.
  EXPECT_EQ(before["state"], "sending") << before;
  EXPECT_EQ(instance("stalled")["inFlight"], 1) << instance("stalled");
  EXPECT_EQ(instance("stalled")["calls"], 1) << "the first is not over: " << instance("stalled");
  EXPECT_GE(before["waiting"], 2 * count) << "detected and completed: " << before;
  EXPECT_EQ(notifier("receiver")["waiting"], 0);

  EXPECT_EQ(headwind->stop(), 0) << headwind->log();
  EXPECT_EQ(stalled.count(space, "update_completed"), 0u);
  const std::size_t told = receiver->about(space).size();

  stalled.be_slow(std::chrono::milliseconds(0));
  headwind->start();
  EXPECT_TRUE(eventually([&] { return stalled.count(space, "update_completed") == count; })) << notifier("stalled");
  EXPECT_TRUE(eventually([&] { return notifier("stalled")["waiting"] == 0; }));
  EXPECT_EQ(stalled.count(space, "update_completed"), count) << "each once";
  EXPECT_EQ(receiver->about(space).size(), told) << "the other one has heard all that";
}

TEST_F(Delivery, what_a_receiver_refuses_is_a_dead_letter_that_the_API_shows) {
  registry().push(repository(), "1.0.0");
  OperatorSettings all = settings();
  // Nothing of ours is posted there: a registry does not take it.
  all.instances.push_back({{"name", "wrong"},
                           {"plugin", "headwind.notifier.slack"},
                           {"secrets", {{"url", {{"environment", "WRONG_URL"}}}}}});
  all.environment.push_back("WRONG_URL=http://" + registry().host() + "/topSECRET");
  start(all);
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, automatic()});
  registry().push(repository(), "1.1.0");
  ASSERT_TRUE(runs(image("1.1.0")));
  ASSERT_TRUE(eventually([&] { return notifier("wrong").value("failed", 0) >= 2; })) << notifier("wrong");
  const Json letters = notifier("wrong")["deadLetters"];
  bool found = false;
  for (const Json& letter : letters) {
    EXPECT_EQ(letter["reason"], "refused") << letter;
    EXPECT_THAT(letter.dump(), Not(HasSubstr("topSECRET")));
    found = found || (letter["event"] == "update_completed" &&
                      letter["workload"] == "apps/Deployment " + space + "/web" && letter["attempts"] == 1);
  }
  EXPECT_TRUE(found) << letters;
}

}  // namespace
}  // namespace headwind::end_to_end
