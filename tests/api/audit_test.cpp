// SPDX-License-Identifier: Apache-2.0
// What people order is in the audit stream when they are answered: who, from where, about which digest.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "api/approval_world.hpp"
#include "telemetry/audit.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct AuditOfOrders : ApprovalTest {
  std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("orders" + std::to_string(::getpid()) + ".log");

  AuditOfOrders() {
    handler = make_approval(*world.engine, token_gate);
    telemetry::init_audit({telemetry::AuditSink::file, file, "test"});
  }
  ~AuditOfOrders() override {
    telemetry::init_audit({});
    std::filesystem::remove(file);
  }
  // Of people and of Headwind, without the first, which says that the process began.
  std::vector<json> entries() const {
    std::vector<json> all;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
    EXPECT_EQ(all.at(0)["action"], "start");
    all.erase(all.begin());
    return all;
  }
  net::ServerResponse as(const std::string& who, std::string path, std::string text) {
    return call(post(std::move(path), std::move(text),
                     {{"Authorization", "Bearer " + who + "-token"},
                      {"User-Agent", "kubectl-headwind"},
                      {"X-Forwarded-For", "203.0.113.9"}}));
  }
};

TEST_F(AuditOfOrders, an_approval_is_told_with_its_digest_and_then_what_headwind_did) {
  propose();
  auth.permissions = {{"approve", "prod", "web-app-1-26-0"}};
  ASSERT_EQ(as("alice", std::string(kOne) + "/approve", R"({"comment":"looks good","approver":"the boss"})").status,
            200U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 2U);
  const json& applied = all[0];
  EXPECT_EQ(applied["action"], "apply");
  EXPECT_EQ(applied["via"], "operator");
  EXPECT_EQ(applied["reason"], "approved by alice");
  const json& approved = all[1];
  EXPECT_EQ(approved["action"], "approve");
  EXPECT_EQ(approved["via"], "api");
  EXPECT_EQ(approved["user"], "alice") << "not what the body claims";
  EXPECT_FALSE(approved.contains("claimed"));
  EXPECT_EQ(approved["address"], "192.0.2.1") << "no header is believed about it";
  EXPECT_EQ(approved["userAgent"], "kubectl-headwind");
  EXPECT_EQ(approved["kind"], "UpdateRequest");
  EXPECT_EQ(approved["namespace"], "prod");
  EXPECT_EQ(approved["name"], "web-app-1-26-0");
  EXPECT_EQ(approved["from"], "nginx:1.25.0");
  EXPECT_EQ(approved["image"], "nginx:1.26.0");
  EXPECT_THAT(approved["digest"].get<std::string>(), HasSubstr("sha256:"));
  EXPECT_EQ(approved["outcome"], "done");
  EXPECT_EQ(approved["reason"], "looks good");
}

TEST_F(AuditOfOrders, what_was_not_done_is_told_with_the_reason) {
  propose();
  auth.permissions = {{"approve", "prod", "web-app-1-26-0"}, {"rollback", "prod", "web-app-1-26-0"}};
  EXPECT_EQ(as("alice", std::string(kOne) + "/reject", R"({"reason":"not today"})").status, 200U);
  EXPECT_EQ(as("alice", std::string(kOne) + "/approve", "{}").status, 409U);
  EXPECT_EQ(as("alice", std::string(kOne) + "/release", "{}").status, 200U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["action"], "reject");
  EXPECT_EQ(all[0]["reason"], "not today");
  EXPECT_EQ(all[1]["action"], "approve");
  EXPECT_EQ(all[1]["outcome"], "failed");
  EXPECT_THAT(all[1]["reason"].get<std::string>(), HasSubstr("Rejected state"));
  EXPECT_EQ(all[2]["action"], "release");
  EXPECT_EQ(all[2]["image"], "nginx:1.26.0");
}

TEST_F(AuditOfOrders, whoever_lacks_the_right_is_named_and_strangers_are_not) {
  propose();
  EXPECT_EQ(as("bob", std::string(kOne) + "/approve", "{}").status, 403U);
  EXPECT_EQ(as("bob", kRollback, R"({"container":"app"})").status, 403U);
  EXPECT_EQ(call(post(std::string(kOne) + "/approve", "{}")).status, 401U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["user"], "bob");
  EXPECT_EQ(all[0]["outcome"], "failed");
  EXPECT_EQ(all[0]["name"], "web-app-1-26-0");
  EXPECT_EQ(all[1]["action"], "rollback");
  EXPECT_EQ(all[1]["name"], "web");
}

TEST_F(AuditOfOrders, a_rollback_names_what_was_left_and_what_runs) {
  propose();
  auth.permissions = {{"approve", "prod", "web-app-1-26-0"}, {"rollback", "prod", ""}};
  ASSERT_EQ(as("alice", std::string(kOne) + "/approve", "{}").status, 200U);
  ASSERT_EQ(as("alice", kRollback, R"({"container":"app","reason":"too slow"})").status, 200U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[2]["action"], "rollback");
  EXPECT_EQ(all[2]["via"], "operator");
  EXPECT_EQ(all[2]["from"], "nginx:1.26.0");
  EXPECT_EQ(all[2]["image"], "nginx:1.25.0");
  EXPECT_EQ(all[2]["reason"], "asked for by alice: too slow");
  EXPECT_FALSE(all[2].contains("digest")) << "what ran before Headwind came: nobody knows it";
  EXPECT_EQ(all[3]["via"], "api");
  EXPECT_EQ(all[3]["user"], "alice");
  EXPECT_EQ(all[3]["from"], "nginx:1.26.0");
  EXPECT_EQ(all[3]["image"], "nginx:1.25.0");
  EXPECT_EQ(all[3]["reason"], "too slow");
  EXPECT_FALSE(all[3].contains("digest")) << all[3]["digest"] << " was approved, and left";
}

TEST_F(AuditOfOrders, a_rollback_to_what_headwind_brought_has_the_digest_of_it) {
  auth.permissions = {
      {"approve", "prod", "web-app-1-25-1"}, {"approve", "prod", "web-app-1-26-0"}, {"rollback", "prod", ""}};
  for (const char* tag : {"1.25.1", "1.26.0"}) {
    ASSERT_TRUE(world.push(kNginx, tag));
    std::string name = tag;
    std::replace(name.begin(), name.end(), '.', '-');
    ASSERT_EQ(as("alice", "/api/v1/updates/prod/web-app-" + name + "/approve", "{}").status, 200U);
  }
  ASSERT_EQ(as("alice", kRollback, R"({"container":"app"})").status, 200U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 6U);
  for (const json& entry : {all[4], all[5]}) {
    EXPECT_EQ(entry["action"], "rollback");
    EXPECT_EQ(entry["image"], "nginx:1.25.1");
    EXPECT_EQ(entry["digest"], store.registry.at(std::string(kNginx) + ":1.25.1"));
  }
}

TEST_F(AuditOfOrders, many_at_once_are_told_one_by_one_and_a_name_that_nobody_vouches_for_is_marked) {
  propose();
  handler = make_approval(*world.engine, open_gate);
  const auto done = call(post("/api/v1/updates/reject", R"({"updates":[{"namespace":"prod","name":"web-app-1-26-0"},)"
                                                        R"({"namespace":"prod","name":"nope"}],"approver":"carol"})"));
  ASSERT_EQ(done.status, 200U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["user"], "carol");
  EXPECT_EQ(all[0]["claimed"], true);
  EXPECT_EQ(all[1]["name"], "nope");
  EXPECT_EQ(all[1]["outcome"], "failed");
}

TEST_F(AuditOfOrders, who_changes_the_log_is_told) {
  auth.permissions = {{"change", "", "", "loglevels"}};
  ASSERT_EQ(call(request("PUT", "/api/v1/loglevel", R"({"filter":"off"})",
                         {{"Authorization", "Bearer alice-token"}, {"Content-Type", "application/json"}}))
                .status,
            200U);
  ASSERT_EQ(call(request("DELETE", "/api/v1/loglevel", {}, {{"Authorization", "Bearer alice-token"}})).status, 200U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["action"], "loglevel");
  EXPECT_EQ(all[0]["user"], "alice");
  EXPECT_EQ(all[0]["reason"], "off");
  EXPECT_THAT(all[1]["reason"].get<std::string>(), HasSubstr("as configured"));
}

}  // namespace
}  // namespace headwind::api
