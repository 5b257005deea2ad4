// SPDX-License-Identifier: Apache-2.0
#include "plugins_dockerhub/hub_world.hpp"

namespace headwind::registries {
namespace {

class HubRates : public HubTest {};

TEST_F(HubRates, are_waited_for_to_the_moment_that_the_api_names) {
  fill(3);
  hub.limit = 1;
  set_up(R"({"pushed_times":true})");
  hub.now_ms = transport.now = 1'700'000'000'000;
  EXPECT_TRUE(list().listed);
  // The last one is used up: nobody has to ask to learn that.
  asked();
  pass(20'500);
  auto failure = list().failure;
  EXPECT_EQ(failure.code, HW_THROTTLED);
  EXPECT_EQ(failure.retry_after_ms, 39'500);
  EXPECT_TRUE(asked().empty());
  pass(39'499);
  EXPECT_EQ(list().failure.retry_after_ms, 1);
  pass(1);
  EXPECT_TRUE(list().listed);
}

TEST_F(HubRates, that_are_passed_are_told_with_the_exact_wait) {
  fill(3);
  struct Case {
    std::vector<std::pair<std::string, std::string>> headers;
    std::int64_t wait;
  };
  const std::vector<Case> cases{{{{"X-Retry-After", "1700000042"}}, 42'000},
                                {{{"Retry-After", "17"}}, 17'000},
                                {{{"X-RateLimit-Reset", "1700000005"}}, 5'000},
                                {{{"X-Retry-After", "1699999990"}, {"X-RateLimit-Reset", "1700000009"}}, 9'000},
                                {{{"X-Retry-After", "soon"}}, 60'000},
                                {{}, 60'000}};
  for (const auto& [headers, wait] : cases) {
    set_up(R"({"pushed_times":true})");
    transport.requests.clear();
    instead = [&](const Request&) {
      return Response{429, headers, R"({"detail":"Rate limit exceeded","error":false})"};
    };
    EXPECT_EQ(list().failure.code, HW_THROTTLED);
    const auto again = list().failure;
    EXPECT_EQ(again.code, HW_THROTTLED);
    EXPECT_EQ(again.retry_after_ms, wait);
    EXPECT_EQ(transport.requests.size(), 1u);
  }
}

TEST_F(HubRates, send_others_to_the_registry_for_as_long) {
  fill(3);
  set_up(R"({"pushed_times":"auto"})");
  instead = [](const Request&) { return Response{429, {{"X-Retry-After", "1700000042"}}, "{}"}; };
  EXPECT_FALSE(list().listed);
  EXPECT_FALSE(list().listed);
  EXPECT_EQ(transport.requests.size(), 1u);
  instead = nullptr;
  pass(42'000);
  EXPECT_TRUE(list().listed);
}

TEST_F(HubRates, that_do_not_suffice_now_are_not_begun_with) {
  fill(950);
  hub.limit = 15;
  set_up(R"({"pushed_times":true})");
  EXPECT_TRUE(list().listed);  // 10 of 15
  asked();
  const auto listing = list();
  EXPECT_EQ(listing.failure.code, HW_THROTTLED);
  EXPECT_EQ(listing.failure.retry_after_ms, 60'000);
  EXPECT_TRUE(listing.tags.empty());
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(HubRates, that_never_suffice_are_said_once) {
  fill(950);
  hub.limit = 5;
  set_up(R"({"pushed_times":true})");
  EXPECT_EQ(list().failure.code, HW_UNSUPPORTED);
  set_up(R"({"pushed_times":"auto"})");
  pass(61'000);
  EXPECT_FALSE(list().listed);
  pass(61'000);
  asked();
  EXPECT_FALSE(list().listed);
  EXPECT_TRUE(asked().empty());
}

TEST_F(HubRates, are_each_account_s_own) {
  fill(3);
  hub.users["a"] = {"x"};
  set_up(R"({"pushed_times":true})");
  instead = [](const Request& request) -> std::optional<Response> {
    if (sent(request, "Authorization") != "-" || request.method == "POST") return std::nullopt;
    return Response{429, {{"X-Retry-After", "1700000042"}}, "{}"};
  };
  EXPECT_EQ(list().failure.code, HW_THROTTLED);
  transport.pull = Credential{"a's", "a", "x", "", ""};
  EXPECT_TRUE(list().listed);
}

}  // namespace
}  // namespace headwind::registries
