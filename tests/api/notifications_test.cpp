// SPDX-License-Identifier: Apache-2.0
#include "api/notifications.hpp"

#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

struct TwoNotifiers final : Deliveries {
  std::vector<NotifierStand> notifiers() const override { return stands; }
  std::vector<NotifierStand> stands;
};

class NotificationsTest : public ApprovalTest {
 protected:
  NotificationsTest() {
    NotifierStand pager;
    pager.name = "pager", pager.state = "waiting", pager.waiting = 2, pager.sent = 7, pager.failed = 1;
    pager.dropped = 1, pager.told_up_to_ms = 1'700'000'000'000, pager.next_try_ms = 1'700'000'060'000;
    pager.error = "no answer";
    DeadLetter letter;
    letter.reason = DeadLetter::Reason::overflow;
    letter.id = "abc", letter.event = "update_failed", letter.workload = "apps/Deployment shop/web";
    letter.happened_ms = 1'700'000'000'000, letter.given_up_ms = 1'700'000'001'000;
    pager.dead_letters.push_back(letter);
    letter.reason = DeadLetter::Reason::refused, letter.id = "older", letter.attempts = 3, letter.error = "410";
    pager.dead_letters.push_back(letter);
    NotifierStand chat;
    chat.name = "chat", chat.state = "idle";
    deliveries.stands = {chat, pager};
    handler = make_approval(*world.engine, open_gate, {}, {}, &deliveries);
  }

  TwoNotifiers deliveries;
};

TEST_F(NotificationsTest, TellHowEachNotifierStandsAndWhatItWasNotTold) {
  EXPECT_EQ(body(get("/api/v1/notifications?notifier=pager")), json::parse(R"({"notifiers": [{
    "name": "pager", "state": "waiting", "waiting": 2, "sent": 7, "failed": 1, "dropped": 1, "error": "no answer",
    "toldUpTo": "2023-11-14T22:13:20.000Z", "nextTry": "2023-11-14T22:14:20.000Z",
    "deadLetters": [
     {"id": "abc", "event": "update_failed", "workload": "apps/Deployment shop/web", "reason": "overflow",
      "attempts": 0, "happened": "2023-11-14T22:13:20.000Z", "givenUp": "2023-11-14T22:13:21.000Z"},
     {"id": "older", "event": "update_failed", "workload": "apps/Deployment shop/web", "reason": "refused",
      "attempts": 3, "happened": "2023-11-14T22:13:20.000Z", "givenUp": "2023-11-14T22:13:21.000Z", "error": "410"}
    ]}]})"));
}

TEST_F(NotificationsTest, AreListedByNameAndBounded) {
  const json all = body(get("/api/v1/notifications?limit=1"))["notifiers"];
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["name"], "chat");
  EXPECT_EQ(all[0]["deadLetters"], json::array());
  EXPECT_FALSE(all[0].contains("toldUpTo"));
  ASSERT_EQ(all[1]["deadLetters"].size(), 1U);
  EXPECT_EQ(all[1]["deadLetters"][0]["id"], "abc") << "the newest";
}

TEST_F(NotificationsTest, RefuseWhatCannotBeMeant) {
  EXPECT_EQ(get("/api/v1/notifications?notifier=nobody").status, 404U);
  for (const char* limit : {"", "-1", "1001", "x", "1x"})
    EXPECT_EQ(get(std::string("/api/v1/notifications?limit=") + limit).status, 400U) << limit;
}

TEST_F(NotificationsTest, WithoutNotifiersAreNone) {
  handler = make_approval(*world.engine, open_gate);
  EXPECT_EQ(body(get("/api/v1/notifications")), json::parse(R"({"notifiers": []})"));
}

}  // namespace
}  // namespace headwind::api
