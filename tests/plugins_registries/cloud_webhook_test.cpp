// SPDX-License-Identifier: Apache-2.0
// The buses of clouds: Pub/Sub, EventBridge, Event Grid; and Alibaba.
#include "sender_world.hpp"

namespace headwind::registries {
namespace {

TEST(PubSub, carries_the_notice_in_base64) {
  // {"action":"INSERT","digest":"us-docker.pkg.dev/p/r/img@sha256:abc","tag":"us-docker.pkg.dev/p/r/img:1.0"}
  const std::string body =
      R"({"message":{"data":"eyJhY3Rpb24iOiJJTlNFUlQiLCJkaWdlc3QiOiJ1cy1kb2NrZXIucGtnLmRldi9wL3IvaW1nQHNoYTI1NjphYmMiLCJ0YWciOiJ1cy1kb2NrZXIucGtnLmRldi9wL3IvaW1nOjEuMCJ9",
      "messageId":"136969346945","message_id":"136969346945","publishTime":"2026-01-01T00:00:00Z"},"subscription":"projects/p/subscriptions/s"})";
  for (const char* endpoint : {"", "gar"}) {
    EXPECT_EQ(told(body, to(endpoint)), Told{"us-docker.pkg.dev/p/r/img:1.0"});
    EXPECT_EQ(parse(body, to(endpoint))[0].event_id, "136969346945");
    // {"action":"DELETE","tag":"gcr.io/p/img:1"}
    EXPECT_TRUE(told(R"({"message":{"data":"eyJhY3Rpb24iOiJERUxFVEUiLCJ0YWciOiJnY3IuaW8vcC9pbWc6MSJ9"}})", to(endpoint))
                    .empty());
    // {"action":"INSERT","digest":"gcr.io/p/img@sha256:abc"}
    EXPECT_TRUE(
        told(R"({"message":{"data":"eyJhY3Rpb24iOiJJTlNFUlQiLCJkaWdlc3QiOiJnY3IuaW8vcC9pbWdAc2hhMjU2OmFiYyJ9"}})",
             to(endpoint))
            .empty());
    for (const char* data : {"%%%", "bm8ganNvbg==", ""})
      EXPECT_NE(refusal(R"({"message":{"data":")" + std::string(data) + R"("}})", to(endpoint)), "taken") << data;
  }
}

TEST(PubSub, may_be_unwrapped_by_its_subscription) {
  WebhookHead head = to("gar");
  head.delivery = "7";
  const std::string body = R"({"action":"INSERT","digest":"gcr.io/p/img@)" + digest + R"(","tag":"gcr.io/p/img:1.0"})";
  EXPECT_EQ(told(body, head), Told{"gcr.io/p/img:1.0@" + digest});
  EXPECT_EQ(parse(body, head)[0].event_id, "7");
  EXPECT_EQ(told(body), Told{"gcr.io/p/img:1.0@" + digest});
}

std::string event_bridge(const std::string& region, const std::string& action, const std::string& result,
                         const std::string& type = "ECR Image Action") {
  return R"({"version":"0","id":"13cde686-328b-6117-af20-0e5566167482","detail-type":")" + type +
         R"(","source":"aws.ecr","account":"123456789012","time":"2026-11-16T01:54:34Z","region":")" + region +
         R"(","resources":[],"detail":{"result":")" + result + R"(","repository-name":"my-repo","image-digest":")" +
         digest + R"(","action-type":")" + action + R"(","image-tag":"latest"}})";
}

TEST(EventBridge, names_the_registry_by_account_and_region) {
  for (const char* endpoint : {"", "ecr"})
    EXPECT_EQ(parse(event_bridge("us-west-2", "PUSH", "SUCCESS"), to(endpoint)),
              (std::vector<Push>{{"123456789012.dkr.ecr.us-west-2.amazonaws.com/my-repo", "latest", digest, "",
                                  "13cde686-328b-6117-af20-0e5566167482", 1794794074000}}));
  EXPECT_EQ(told(event_bridge("cn-north-1", "PUSH", "SUCCESS")),
            Told{"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/my-repo:latest@" + digest});
  EXPECT_EQ(told(event_bridge("us-gov-west-1", "PUSH", "SUCCESS")),
            Told{"123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/my-repo:latest@" + digest});
  EXPECT_EQ(told(event_bridge("us-isob-east-1", "PUSH", "SUCCESS")),
            Told{"123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov/my-repo:latest@" + digest});
}

TEST(EventBridge, what_is_no_push_brings_nothing) {
  EXPECT_TRUE(told(event_bridge("us-west-2", "PUSH", "FAILURE")).empty());
  EXPECT_TRUE(told(event_bridge("us-west-2", "DELETE", "SUCCESS")).empty());
  EXPECT_TRUE(told(event_bridge("us-west-2", "PUSH", "SUCCESS", "ECR Image Scan")).empty());
  EXPECT_NE(refusal(event_bridge("", "PUSH", "SUCCESS"), to("ecr")), "taken");
}

std::string grid(const std::string& type, const std::string& host = "myregistry.azurecr.io") {
  return R"([{"id":"831e1650-001e-001b-66ab-eeb76e069631","topic":"/subscriptions/s/registries/r","subject":"aci:v1",
      "eventType":"Microsoft.ContainerRegistry.)" +
         type +
         R"(","eventTime":"2026-04-25T21:39:47.6549614Z","data":{"id":"31c51664","timestamp":"2026-04-25T21:39:47Z",
      "action":"push","target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":3023,
      "digest":")" +
         digest + R"(","length":3023,"repository":"aci","tag":"v1"},"request":{"id":"7c66f28b","host":")" + host +
         R"(","method":"PUT","useragent":"docker/27"}},"dataVersion":"1.0","metadataVersion":"1"}])";
}

TEST(EventGrid, wraps_an_event_of_azure_in_a_list) {
  for (const char* endpoint : {"", "acr"}) {
    EXPECT_EQ(told(grid("ImagePushed"), to(endpoint)), Told{"myregistry.azurecr.io/aci:v1@" + digest});
    EXPECT_TRUE(told(grid("ImageDeleted"), to(endpoint)).empty());
    EXPECT_TRUE(told(grid("ChartPushed"), to(endpoint)).empty());
    EXPECT_NE(refusal(grid("ImagePushed", "bare"), to(endpoint)), "taken");
  }
}

TEST(Alibaba, names_the_registry_by_region_or_as_configured) {
  const std::string body =
      R"({"push_data":{"digest":"sha256:457f","pushed_at":"2026-03-01 20:10:10","tag":"latest"},
      "repository":{"date_created":"2025-10-28 21:31:42","name":"repo","namespace":"ns","region":"cn-hangzhou",
      "repo_authentication_type":"NO_CERTIFIED","repo_full_name":"ns/repo","repo_origin_type":"NO_CERTIFIED","repo_type":"PUBLIC"}})";
  for (const char* endpoint : {"", "aliyun"})
    EXPECT_EQ(told(body, to(endpoint)), Told{"registry.cn-hangzhou.aliyuncs.com/ns/repo:latest"});
  WebhookHead head;
  head.places = {{"aliyun", "", "acme.cn-hangzhou.cr.aliyuncs.com"}};
  EXPECT_EQ(told(body, head), Told{"acme.cn-hangzhou.cr.aliyuncs.com/ns/repo:latest"});
  EXPECT_EQ(told(R"({"push_data":{"tag":"1"},"repository":{"name":"repo","namespace":"ns","region":"cn-beijing"}})"),
            Told{"registry.cn-beijing.aliyuncs.com/ns/repo:1"});
}

}  // namespace
}  // namespace headwind::registries
