// SPDX-License-Identifier: Apache-2.0
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;
using update::EventType;

const std::string kApprove = "/api/v1/updates/prod/web-app-1-26-0/approve";
const std::string kReject = "/api/v1/updates/prod/web-app-1-26-0/reject";
const std::string kRelease = "/api/v1/updates/prod/web-app-1-26-0/release";

TEST_F(ApprovalTest, T40_list) {
  EXPECT_EQ(get("/api/v1/updates").body, "[]");
  propose();
  const auto response = get("/api/v1/updates");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(header(response, "Content-Type"), "application/json");
  const json list = body(response);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0]["apiVersion"], "headwind.sh/v1alpha1");
  EXPECT_EQ(list[0]["kind"], "UpdateRequest");
  EXPECT_EQ(list[0]["metadata"]["namespace"], "prod");
  EXPECT_EQ(list[0]["spec"]["targetRef"]["name"], "web");
  EXPECT_FALSE(list[0]["metadata"].contains("managedFields"));
}

TEST_F(ApprovalTest, T126_the_kubectl_script_of_0_1_finds_its_top_level_keys) {
  propose();
  const json item = body(get("/api/v1/updates"))[0];
  EXPECT_EQ(item["namespace"], "prod");
  EXPECT_EQ(item["name"], "web-app-1-26-0");
  EXPECT_EQ(item["deployment"], "web");
  EXPECT_EQ(item["currentImage"], "nginx:1.25.0");
  EXPECT_EQ(item["newImage"], "nginx:1.26.0");
  EXPECT_EQ(item["phase"], "Pending");
}

TEST_F(ApprovalTest, a_list_is_filtered_and_paged_only_when_asked) {
  for (const char* name : {"a", "b", "c"}) {
    store.deploy("StatefulSet", name, {{"app", "redis:7.0"}}, {{"policy", "minor"}});
  }
  world.watch();
  propose();
  ASSERT_TRUE(world.push("docker.io/library/redis", "7.1"));
  EXPECT_EQ(body(get("/api/v1/updates")).size(), 4U);
  EXPECT_EQ(header(get("/api/v1/updates"), "Headwind-Continue"), "");
  EXPECT_EQ(body(get("/api/v1/updates?kind=StatefulSet")).size(), 3U);
  EXPECT_EQ(body(get("/api/v1/updates?deployment=web")).size(), 1U);
  EXPECT_EQ(body(get("/api/v1/updates?namespace=other")).size(), 0U);
  EXPECT_EQ(body(get("/api/v1/updates?phase=Pending")).size(), 4U);
  EXPECT_EQ(body(get("/api/v1/updates?phase=Completed")).size(), 0U);

  std::vector<std::string> names;
  std::string next;
  int pages = 0;
  do {
    const auto page = get("/api/v1/updates?limit=3" + (next.empty() ? "" : "&continue=" + next));
    for (const json& item : body(page)) names.push_back(item["name"]);
    next = header(page, "Headwind-Continue");
  } while (!next.empty() && ++pages < 9);
  ASSERT_EQ(names.size(), 4U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));

  for (const char* query : {"limit=0", "limit=x", "limit=1001", "phase=pending", "limit=", "phase=", "a=%f"}) {
    const auto refused = get(std::string("/api/v1/updates?") + query);
    EXPECT_EQ(refused.status, 400U) << query;
    EXPECT_TRUE(body(refused).contains("error")) << query;
  }
}

TEST_F(ApprovalTest, T41_one) {
  const auto absent = get(kOne);
  EXPECT_EQ(absent.status, 404U);
  EXPECT_EQ(header(absent, "Content-Type"), "application/problem+json") << "0.1.x sent no body here";
  EXPECT_EQ(sentence(absent), "UpdateRequest not found: prod/web-app-1-26-0");
  propose();
  const auto found = get(kOne);
  EXPECT_EQ(found.status, 200U);
  EXPECT_EQ(body(found)["metadata"]["name"], "web-app-1-26-0");
  EXPECT_EQ(body(found)["spec"]["newImage"], "nginx:1.26.0");
}

TEST_F(ApprovalTest, T42_approve_applies_and_answers_the_updated_object) {
  propose();
  const auto response = call(post(kApprove, R"({"approver":"a@x"})"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(header(response, "Headwind-Result"), "completed");
  const json status = body(response)["status"];
  EXPECT_EQ(status["phase"], "Completed");
  EXPECT_EQ(status["approvedBy"], "a@x");
  EXPECT_EQ(status["message"], "Update applied successfully");
  EXPECT_TRUE(status.contains("approvedAt"));
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(told(EventType::update_approved), 1U);
  EXPECT_EQ(told(EventType::update_completed), 1U);
}

TEST_F(ApprovalTest, T43_an_empty_order_is_enough_but_its_content_type_is_not_optional) {
  propose();
  EXPECT_EQ(call(request("POST", kApprove, "{}")).status, 415U);
  EXPECT_EQ(call(post(kApprove, "")).status, 400U);
  EXPECT_EQ(call(post(kApprove, "{")).status, 400U);
  for (const char* wrong : {"[]", "1", R"({"approver":1})", R"({"reason":{}})"}) {
    const auto refused = call(post(kApprove, wrong));
    EXPECT_EQ(refused.status, 422U) << wrong;
    EXPECT_EQ(header(refused, "Content-Type"), "application/problem+json");
    EXPECT_NE(sentence(refused), "");
  }
  EXPECT_EQ(call(post(kApprove, R"({"approver":")" + std::string(1025, 'x') + R"("})")).status, 422U);
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  const auto response = call(post(kApprove, R"({"approver":null,"unknown":1})"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_FALSE(body(response)["status"].contains("approvedBy"));
}

TEST_F(ApprovalTest, T44_second_approve_is_409) {
  approve();
  const auto again = call(post(kApprove, "{}"));
  EXPECT_EQ(again.status, 409U);
  EXPECT_EQ(header(again, "Content-Type"), "application/json") << "as 0.1.x";
  EXPECT_EQ(sentence(again), "UpdateRequest is in Completed state, cannot approve");
  EXPECT_EQ(body(again)["current_phase"], "Completed");
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(ApprovalTest, T45_a_failed_update_is_200_with_a_header_that_says_so) {
  propose();
  store.remove(update::testing::deployment("web"));
  const auto response = call(post(kApprove, "{}"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(header(response, "Headwind-Result"), "failed");
  EXPECT_EQ(body(response)["status"]["phase"], "Failed");
  EXPECT_TRUE(body(response)["status"]["message"].get<std::string>().starts_with("Update failed: "));
}

TEST_F(ApprovalTest, T46_T47_reject_keeps_the_workload_and_is_final) {
  propose();
  const auto response = call(post(kReject, R"({"approver":"a","reason":"r"})"));
  EXPECT_EQ(response.status, 200U);
  const json status = body(response)["status"];
  EXPECT_EQ(status["phase"], "Rejected");
  EXPECT_EQ(status["rejectedBy"], "a");
  EXPECT_EQ(status["message"], "r");
  EXPECT_TRUE(status.contains("rejectedAt"));
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  const auto approve = call(post(kApprove, "{}"));
  EXPECT_EQ(approve.status, 409U);
  EXPECT_EQ(body(approve)["current_phase"], "Rejected");
}

TEST_F(ApprovalTest, T46_without_a_reason_the_message_says_who) {
  propose();
  EXPECT_EQ(body(call(post(kReject, "{}")))["status"]["message"], "Rejected by user");
  EXPECT_EQ(told(EventType::update_rejected), 1U);
}

TEST_F(ApprovalTest, T47_reject_after_complete_is_409) {
  approve();
  const auto response = call(post(kReject, "{}"));
  EXPECT_EQ(response.status, 409U);
  EXPECT_EQ(body(response)["error"], "UpdateRequest is in Completed state, cannot reject");
}

TEST_F(ApprovalTest, T48_an_unknown_request_is_404) {
  for (const char* verb : {"approve", "reject", "release"}) {
    const auto response = call(post(std::string("/api/v1/updates/no/such/") + verb, "{}"));
    EXPECT_EQ(response.status, 404U);
    EXPECT_EQ(header(response, "Content-Type"), "application/json") << "as 0.1.x";
    EXPECT_EQ(sentence(response), "UpdateRequest not found: no/such");
  }
}

TEST_F(ApprovalTest, T52_a_workload_changed_by_hand_is_409_and_superseded) {
  propose();
  store.edit(update::testing::deployment("web"),
             [](json& object) { object["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.25.5"; });
  world.watch();
  const auto response = call(post(kApprove, "{}"));
  EXPECT_EQ(response.status, 409U);
  EXPECT_EQ(body(response)["current_phase"], "Superseded");
  EXPECT_EQ(store.image("web"), "nginx:1.25.5");
}

TEST_F(ApprovalTest, T55_twenty_concurrent_approvals_apply_once) {
  propose();
  std::vector<unsigned> statuses;
  for (int round = 0; round < 20; ++round) {
    boost::asio::co_spawn(
        world.io, handler(post(kApprove, "{}")),
        [&](const std::exception_ptr&, const net::ServerResponse& response) { statuses.push_back(response.status); });
  }
  world.settle();
  ASSERT_EQ(statuses.size(), 20U);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200U), 1);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 409U), 19);
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(ApprovalTest, release_forgets_a_rejected_version) {
  propose();
  EXPECT_EQ(call(request("POST", kRelease)).status, 409U);  // it is not remembered yet
  call(post(kReject, "{}"));
  const auto response = call(request("POST", kRelease));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body(response),
            json({{"message", "Release successful"}, {"namespace", "prod"}, {"name", "web-app-1-26-0"}}));
  EXPECT_EQ(get(kOne).status, 404U);
  propose();
  EXPECT_EQ(body(get(kOne))["status"]["phase"], "Pending");
}

TEST_F(ApprovalTest, before_the_cluster_is_read_nothing_is_said_about_it) {
  update::testing::World& young = update::testing::launch(store);
  handler = make_approval(*young.engine, open_gate);
  for (const char* path : {"/api/v1/updates", kOne, kRollback}) {
    const auto response = run(young.io, handler(request("GET", path)));
    EXPECT_EQ(response.status, 503U) << path;
    EXPECT_EQ(header(response, "Retry-After"), "1");
  }
  EXPECT_EQ(run(young.io, handler(post(kApprove, "{}"))).status, 503U);
  EXPECT_EQ(run(young.io, handler(request("GET", "/health"))).body, "OK");
}

}  // namespace
}  // namespace headwind::api
