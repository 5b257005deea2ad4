// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "api/approval_world.hpp"
#include "telemetry/audit.hpp"
#include "telemetry/log_control.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Loglevel : ApprovalTest {
  static constexpr const char* kPath = "/api/v1/loglevel";
  Loglevel() { EXPECT_TRUE(telemetry::init_log({.json = false, .level = "error"})); }
  ~Loglevel() override {
    telemetry::end_log_override();
    EXPECT_TRUE(telemetry::init_log({.json = false, .level = "off"}));
  }
  net::ServerResponse put(const std::string& text) {
    testing::internal::CaptureStderr();
    auto response = call(request("PUT", kPath, text, {{"Content-Type", "application/json"}}));
    log += testing::internal::GetCapturedStderr();
    return response;
  }
  std::string log;
};

TEST_F(Loglevel, a_filter_by_room_counts_at_once_and_is_shown) {
  EXPECT_EQ(body(get(kPath)), (json{{"filter", "error"}, {"configured", "error"}, {"overridden", false}}));
  const auto answer = put(R"({"filter":"update=debug,info"})");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(body(answer)["filter"], "update=debug,info");
  EXPECT_EQ(body(answer)["configured"], "error");
  EXPECT_EQ(body(answer)["overridden"], true);
  EXPECT_FALSE(body(answer).contains("until"));
  EXPECT_TRUE(telemetry::log_enabled(telemetry::Level::debug));
  EXPECT_EQ(body(get(kPath)), body(answer));
}

TEST_F(Loglevel, the_log_says_what_was_changed_whatever_its_filter) {
  put(R"({"filter":"off"})");
  EXPECT_THAT(log, HasSubstr("the log filter was changed from=error to=off"));
}

TEST_F(Loglevel, after_its_time_the_configured_one_counts_again) {
  const auto audit = std::filesystem::path(testing::TempDir()) / ("loglevel" + std::to_string(::getpid()) + ".log");
  telemetry::init_audit({telemetry::AuditSink::file, audit, "test"});
  const auto answer = put(R"({"filter":"trace","duration":"1s"})");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_TRUE(body(answer).contains("until"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (telemetry::log_filter().overridden && std::chrono::steady_clock::now() < deadline) {
    world.io.restart();
    world.io.run_one_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(body(get(kPath))["filter"], "error");
  telemetry::init_audit({});
  std::ifstream in(audit);
  std::string last;
  for (std::string line; std::getline(in, line);) last = line;
  std::filesystem::remove(audit);
  const json entry = json::parse(last);
  EXPECT_EQ(entry["action"], "loglevel");
  EXPECT_EQ(entry["via"], "operator") << "nobody asked for it just then";
  EXPECT_THAT(entry["reason"].get<std::string>(), HasSubstr("as configured: error"));
}

TEST_F(Loglevel, a_later_filter_is_not_ended_by_the_time_of_an_earlier_one) {
  put(R"({"filter":"trace","duration":"1s"})");
  put(R"({"filter":"debug","duration":"1h"})");
  world.io.restart();
  world.io.run_for(std::chrono::milliseconds(1500));
  EXPECT_EQ(body(get(kPath))["filter"], "debug");
}

TEST_F(Loglevel, it_can_be_taken_back) {
  put(R"({"filter":"trace"})");
  const auto answer = call(request("DELETE", kPath));
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(body(answer)["overridden"], false);
  EXPECT_FALSE(telemetry::log_enabled(telemetry::Level::warn));
}

TEST_F(Loglevel, what_is_no_filter_is_refused_with_its_remedy_and_changes_nothing) {
  const std::vector<std::pair<const char*, const char*>> rows{
      {R"({"filter":"loud"})", "filter is trace, debug, info"},
      {R"({"filter":"updat=debug"})", "did you mean 'update'?"},
      {R"({"filter":"shop=debug"})", "there are api, app"},
      {R"({"filter":""})", "'' is no level of the log"},
      {R"({"filter":"info, update=debug"})", "is no room"},
      {R"({"filter":"INFO"})", "'INFO' is no level"},
      {R"({"filter":7})", "filter must be a string"},
      {R"({})", "filter must be a string"},
      {R"([])", "must be a JSON object"},
      {R"({"filter":"info","durations":"1m"})", "'durations' is not known"},
      {R"({"filter":"info","duration":"soon"})", "such as 90s, 15m or 2h"},
      {R"({"filter":"info","duration":5})", "such as 90s, 15m or 2h"},
      {R"({"filter":"info","duration":"0s"})", "24h at most"},
      {R"({"filter":"info","duration":"-5m"})", "24h at most"},
      {R"({"filter":"info","duration":"1h30m"})", "24h at most"},
      {R"({"filter":"info","duration":""})", "24h at most"},
      {R"({"filter":"info","duration":"25h"})", "24h at most"}};
  for (const auto& [text, why] : rows) {
    const auto answer = put(text);
    EXPECT_EQ(answer.status, 422U) << text;
    EXPECT_THAT(sentence(answer), HasSubstr(why)) << text;
  }
  EXPECT_EQ(put("{").status, 400U);
  EXPECT_EQ(call(request("PUT", kPath, "{}")).status, 415U);
  EXPECT_FALSE(telemetry::log_filter().overridden);
}

TEST_F(Loglevel, an_approver_may_see_but_not_change_it) {
  handler = make_approval(*world.engine, token_gate);
  auth.permissions = {{"list", "", ""}, {"approve", "", ""}, {"rollback", "", ""}};
  const net::Headers alice{{"Authorization", "Bearer alice-token"}, {"Content-Type", "application/json"}};
  EXPECT_EQ(call(request("GET", kPath, {}, alice)).status, 200U);
  const auto refused = call(request("PUT", kPath, R"({"filter":"trace"})", alice));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_THAT(
      sentence(refused),
      HasSubstr(
          R"("change" on loglevels.headwind.sh in all namespaces: bind a ClusterRole that grants it; of a default )"
          R"(installation it is headwind-admin.)"));
  EXPECT_EQ(call(request("DELETE", kPath, {}, alice)).status, 403U);
  EXPECT_FALSE(telemetry::log_filter().overridden);
  auth.permissions.insert({"change", "", "", "loglevels"});
  auth.clock.now += Gate::kRememberedMs;
  const auto taken = call(request("PUT", kPath, R"({"filter":"trace"})", alice));
  ASSERT_EQ(taken.status, 200U);
  EXPECT_EQ(body(taken)["by"], "alice");
}

}  // namespace
}  // namespace headwind::api
