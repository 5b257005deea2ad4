// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "registries/core/push.hpp"

namespace headwind::registries {
namespace {

Push parse(const std::string& body) {
  const auto pushes = parse_docker_hub(body);
  EXPECT_TRUE(pushes) << body << ": " << pushes.failure().message;
  return pushes && pushes->size() == 1 ? pushes->front() : Push();
}

std::string with_name(const std::string& repository) {
  return R"({"push_data":{"tag":"1.1.0"},"repository":)" + repository + "}";
}

TEST(DockerHubWebhook, reads_the_documented_samples) {
  EXPECT_EQ(parse(R"({"push_data":{"tag":"1.27.0","pushed_at":1700000000,"pusher":"ci"},
                  "repository":{"repo_name":"library/nginx","namespace":"library","name":"nginx"}})"),
            (Push{"docker.io/library/nginx", "1.27.0", "", "", "", 1700000000000}));
  EXPECT_EQ(
      parse(
          R"({"callback_url":"https://registry.hub.docker.com/u/ns/name/hook/2141/","push_data":{"pushed_at":1417566161,
                  "pusher":"trustedbuilder","tag":"latest"},"repository":{"repo_name":"ns/name","namespace":"ns","name":"name",
                  "repo_url":"https://hub.docker.com/r/ns/name","is_private":true,"is_official":false}})"),
      (Push{"docker.io/ns/name", "latest", "", "", "", 1417566161000}));
}

TEST(DockerHubWebhook, T4_the_minimal_body_is_accepted) {
  EXPECT_EQ(parse(R"({"push_data":{"tag":"v1"},"repository":{"repo_name":"myimage"}})"),
            (Push{"docker.io/library/myimage", "v1", "", "", "", 0}));
}

TEST(DockerHubWebhook, namespace_and_name_stand_in_for_repo_name) {
  EXPECT_EQ(parse(with_name(R"({"namespace":"ns","name":"app"})")).repository, "docker.io/ns/app");
  EXPECT_EQ(parse(with_name(R"({"namespace":"library","name":"nginx"})")).repository, "docker.io/library/nginx");
  EXPECT_EQ(parse(with_name(R"({"namespace":null,"name":"nginx","is_official":true})")).repository,
            "docker.io/library/nginx");
}

TEST(DockerHubWebhook, pushed_at_may_be_a_float_a_text_or_a_date) {
  const auto at = [](const std::string& value) {
    return parse(R"({"push_data":{"tag":"1","pushed_at":)" + value + R"(},"repository":{"repo_name":"a/b"}})")
        .pushed_ms;
  };
  EXPECT_EQ(at("1.417566161e+09"), 1417566161000);
  EXPECT_EQ(at("\"1417566161\""), 1417566161000);
  EXPECT_EQ(at("\"1.417566161e+09\""), 1417566161000);
  EXPECT_EQ(at("\"2014-12-03T00:22:41Z\""), 1417566161000);
  EXPECT_EQ(at("1417566161000"), 1417566161000);
  for (const char* odd : {"null", "\"yesterday\"", "-5", "{}", "1e300", "\"nan\"", "\"inf\""})
    EXPECT_EQ(at(odd), 0) << odd;
}

TEST(DockerHubWebhook, T9b_repo_name_may_name_another_registry) {
  EXPECT_EQ(parse(with_name(R"({"repo_name":"ghcr.io/org/app"})")).repository, "ghcr.io/org/app");
  EXPECT_EQ(parse(with_name(R"({"repo_name":"registry.test:5000/org/app"})")).repository, "registry.test:5000/org/app");
  EXPECT_EQ(parse(with_name(R"({"repo_name":"index.docker.io/nginx"})")).repository, "docker.io/library/nginx");
}

TEST(DockerHubWebhook, T3_wrong_shapes_are_invalid) {
  for (const char* body :
       {"{}", "[]", "\"x\"", "", "{", R"({"push_data":{},"repository":{"repo_name":"a/b"}})",
        R"({"push_data":{"tag":"1"}})", R"({"push_data":{"tag":"1"},"repository":{}})",
        R"({"push_data":{"tag":7},"repository":{"repo_name":"a/b"}})",
        R"({"push_data":{"tag":"a b"},"repository":{"repo_name":"a/b"}})",
        R"({"push_data":{"tag":"1"},"repository":{"repo_name":"A//b"}})", R"({"push_data":[],"repository":"a/b"})"}) {
    const auto pushes = parse_docker_hub(body);
    ASSERT_FALSE(pushes) << body;
    EXPECT_EQ(pushes.failure().code, HW_INVALID) << body;
  }
}

TEST(PushTime, reads_rfc3339_and_the_forms_that_senders_use) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_time("2026-03-01 20:10:10"), 1772395810000);
  EXPECT_EQ(parse_time("2026-03-01T20:10:10.123456789Z"), 1772395810123);
  EXPECT_EQ(parse_time("2026-03-01T22:10:10+02:00"), 1772395810000);
  EXPECT_EQ(parse_time("2026-03-01T18:40:10-01:30"), 1772395810000);
  for (const char* odd : {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-03-01T25:00:00Z",
                          "2026-03-01T20:10:10 PM", "2026x03-01T20:10:10Z", "2026-03-01T20:10:10+0200"})
    EXPECT_EQ(parse_time(odd), std::nullopt) << odd;
}

}  // namespace
}  // namespace headwind::registries
