// SPDX-License-Identifier: Apache-2.0
// An API server that is down is told at once, once, and the probe knows it.
#include "kube/reachability.hpp"

#include <gmock/gmock.h>

#include "scripted.hpp"
#include "telemetry/log.hpp"

namespace headwind::kube::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;

std::string log_of(const std::function<void()>& work) {
  EXPECT_TRUE(telemetry::init_log({.json = false, .level = "info"}));
  testing::internal::CaptureStderr();
  work();
  std::string text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(telemetry::init_log({.json = false, .level = "off"}));
  return text;
}

TEST(Reachability, the_second_failure_in_a_row_is_told_and_no_further_one_until_it_answers) {
  Reachability server("https://10.0.0.1");
  const Error refused = make_error(Code::unavailable, "connection refused");
  const std::string log = log_of([&] {
    server.failed(refused, milliseconds(1));
    EXPECT_THAT(server.trouble(), IsEmpty()) << "a connection that was just closed";
    for (int i = 0; i < 5; ++i) server.failed(refused, milliseconds(1));
    EXPECT_THAT(server.trouble(), HasSubstr("the API server https://10.0.0.1 has not answered since 20"));
    EXPECT_THAT(server.trouble(), HasSubstr("connection refused"));
    server.answered();
    EXPECT_THAT(server.trouble(), IsEmpty());
  });
  const std::string told = "WARN  kube: the API server does not answer; trying again";
  EXPECT_THAT(log, HasSubstr(told));
  EXPECT_EQ(log.find(told, log.find(told) + 1), std::string::npos);
  EXPECT_THAT(log, HasSubstr("INFO  kube: the API server answers again server=https://10.0.0.1"));
}

TEST(Reachability, a_single_timeout_is_told_and_what_was_stopped_by_us_is_not) {
  Reachability server("https://10.0.0.1");
  const Error cancelled = make_error(Code::cancelled, "was not answered in time");
  for (int i = 0; i < 3; ++i) server.failed(cancelled, milliseconds(200));
  EXPECT_THAT(server.trouble(), IsEmpty());
  log_of([&] { server.failed(cancelled, milliseconds(10'000)); });
  EXPECT_THAT(server.trouble(), HasSubstr("was not answered in time"));
}

TEST(Reachability, an_answer_that_cannot_be_read_is_an_answer) {
  Reachability server("https://10.0.0.1");
  for (int i = 0; i < 3; ++i) server.failed(make_error(Code::invalid, "too large"), milliseconds(1));
  EXPECT_THAT(server.trouble(), IsEmpty());
}

using ReachabilityOfClient = Scripted;

TEST_F(ReachabilityOfClient, one_read_of_a_server_that_is_down_is_enough_to_say_so) {
  Access access;
  access.server = "http://127.0.0.1:1";
  const auto c = client(access);
  const std::string log = log_of([&] { EXPECT_FALSE(run(c->get("/version"))); });
  EXPECT_THAT(log, HasSubstr("the API server does not answer; trying again server=http://127.0.0.1:1"));
  EXPECT_THAT(c->trouble(), HasSubstr("http://127.0.0.1:1 has not answered since"));
}

TEST_F(ReachabilityOfClient, watches_that_begin_and_end_are_no_trouble_and_those_that_cannot_begin_are) {
  answers = {watch_of({"{}\n"}), answer(500)};
  const auto c = client();
  const auto ignore = [](std::string_view) { return true; };
  EXPECT_TRUE(run(c->watch("/api/v1/pods?watch=true", ignore, milliseconds(5000))));
  EXPECT_FALSE(run(c->watch("/api/v1/pods?watch=true", ignore, milliseconds(5000)))) << "it refuses, but answers";
  EXPECT_THAT(c->trouble(), IsEmpty());
  Access access;
  access.server = "http://127.0.0.1:1";
  const auto down = client(access);
  log_of([&] {
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(run(down->watch("/api/v1/pods?watch=true", ignore, milliseconds(5000))));
  });
  EXPECT_THAT(down->trouble(), HasSubstr("has not answered since"));
}

}  // namespace
}  // namespace headwind::kube::test
