// SPDX-License-Identifier: Apache-2.0
// The webhooks of senders that have a format of their own: their samples, and what is no push.
#include "registries/core/sender.hpp"

#include <gtest/gtest.h>

namespace headwind::registries {
namespace {

const std::string digest = "sha256:" + std::string(64, '9');

std::vector<Push> parse(const std::string& body, const WebhookHead& head = {}, const std::string& settings = "{}") {
  const auto pushes = parse_any(body, head, *Settings::parse(settings));
  EXPECT_TRUE(pushes) << body << "\n" << pushes.failure().message;
  return pushes ? *pushes : std::vector<Push>();
}

// "repository:tag" of each, "@digest" where one was told.
std::vector<std::string> told(const std::string& body, const WebhookHead& head = {},
                              const std::string& settings = "{}") {
  std::vector<std::string> all;
  for (const Push& push : parse(body, head, settings))
    all.push_back(push.repository + ":" + push.tag + (push.digest.empty() ? "" : "@" + push.digest));
  return all;
}

using Told = std::vector<std::string>;
const WebhookHead github{"package", "", ""};

std::string harbor(const std::string& type, const std::string& resources) {
  return R"({"type":")" + type + R"(","occur_at":1680501893,"operator":"admin","event_data":{"resources":[)" +
         resources +
         R"(],"repository":{"name":"app","namespace":"lib","repo_full_name":"lib/app","repo_type":"private"}}})";
}
std::string resource(const std::string& tag) {
  return R"({"digest":")" + digest + R"(","tag":")" + tag + R"(","resource_url":"harbor.dev/lib/app:)" + tag + R"("})";
}

TEST(Sender, harbor_in_its_default_format) {
  EXPECT_EQ(told(harbor("PUSH_ARTIFACT", resource("1.0"))), Told{"harbor.dev/lib/app:1.0@" + digest});
  EXPECT_EQ(told(harbor("PUSH_ARTIFACT", resource("1.0") + "," + resource("1.1") + "," + resource(digest))).size(), 2U)
      << "what was pushed by digest has no tag";
  EXPECT_TRUE(told(harbor("DELETE_ARTIFACT", resource("1.0"))).empty());
  EXPECT_TRUE(told(harbor("SCANNING_COMPLETED", resource("1.0"))).empty());
}

TEST(Sender, harbor_in_cloud_events) {
  const auto body = [](const std::string& type) {
    return R"({"specversion":"1.0","id":"eed78bb8","source":"/projects/2/webhook/policies/15","type":")" + type +
           R"(","datacontenttype":"application/json","data":{"resources":[)" + resource("1.0") +
           R"(],"repository":{"repo_full_name":"lib/app"}}})";
  };
  EXPECT_EQ(told(body("harbor.artifact.pushed")), Told{"harbor.dev/lib/app:1.0@" + digest});
  EXPECT_TRUE(told(body("harbor.artifact.pulled")).empty());
}

TEST(Sender, quay_with_all_its_tags) {
  EXPECT_EQ(told(R"({"name":"app","repository":"org/app","namespace":"org","docker_url":"quay.io/org/app",
      "homepage":"https://quay.io/repository/org/app","updated_tags":["1.0","latest"]})"),
            (Told{"quay.io/org/app:1.0", "quay.io/org/app:latest"}));
}

std::string package(const std::string& action, const std::string& tag, const std::string& type = "CONTAINER") {
  return R"({"action":")" + action + R"(","package":{"id":1,"name":"repo/img","namespace":"Owner","ecosystem":")" +
         type + R"(","package_type":")" + type + R"(","owner":{"login":"Owner"},"html_url":"https://github.com/x",
      "package_version":{"name":"sha256:00","version":"sha256:00","container_metadata":{"tag":{"name":")" +
         tag + R"(","digest":")" + digest + R"("}}}}})";
}

TEST(Sender, github_packages_in_lower_case) {
  EXPECT_EQ(told(package("published", "1.0"), github), Told{"ghcr.io/owner/repo/img:1.0@" + digest});
  EXPECT_TRUE(told(package("published", ""), github).empty()) << "an untagged push is not a tag named sha256:...";
  EXPECT_TRUE(told(package("deleted", "1.0"), github).empty());
  EXPECT_TRUE(told(package("published", "1.0", "npm"), github).empty());
  EXPECT_TRUE(told(R"({"zen":"Design for failure.","hook_id":1})", {"ping", "", ""}).empty());
}

TEST(Sender, gitea_packages) {
  const auto body = [](const std::string& action, const std::string& version) {
    return R"({"action":")" + action + R"(","package":{"id":1,"type":"container","name":"Img","version":")" + version +
           R"(","owner":{"login":"Org"},"html_url":"https://git.example.com:3000/Org/-/packages/container/img/1.0"}})";
  };
  const WebhookHead head{"package", "", ""};
  EXPECT_EQ(told(body("created", "1.0"), head), Told{"git.example.com:3000/org/img:1.0"});
  EXPECT_TRUE(told(body("created", digest), head).empty()) << "a child manifest";
  EXPECT_TRUE(told(body("deleted", "1.0"), head).empty());
}

TEST(Sender, azure_as_a_single_event_of_distribution) {
  const auto body = [](const std::string& action, const std::string& tag) {
    return R"({"id":"cb8c3971","timestamp":"2026-11-17T16:52:01.343145347Z","action":")" + action +
           R"(","target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":524,"digest":")" +
           digest + R"(","repository":"hello-world")" + (tag.empty() ? "" : R"(,"tag":")" + tag + "\"") +
           R"(},"request":{"id":"3cbb6949","host":"myregistry.azurecr.io","method":"PUT"}})";
  };
  EXPECT_EQ(told(body("push", "v1")), Told{"myregistry.azurecr.io/hello-world:v1@" + digest});
  EXPECT_TRUE(told(body("delete", "v1")).empty());
  EXPECT_TRUE(told(body("push", "")).empty());
}

TEST(Sender, google_by_pubsub) {
  // {"action":"INSERT","digest":"us-docker.pkg.dev/p/r/img@sha256:abc","tag":"us-docker.pkg.dev/p/r/img:1.0"}
  EXPECT_EQ(
      told(
          R"({"message":{"data":"eyJhY3Rpb24iOiJJTlNFUlQiLCJkaWdlc3QiOiJ1cy1kb2NrZXIucGtnLmRldi9wL3IvaW1nQHNoYTI1NjphYmMiLCJ0YWciOiJ1cy1kb2NrZXIucGtnLmRldi9wL3IvaW1nOjEuMCJ9",
      "messageId":"1","publishTime":"2026-01-01T00:00:00Z"},"subscription":"projects/p/subscriptions/s"})"),
      Told{"us-docker.pkg.dev/p/r/img:1.0"});
  // {"action":"DELETE","tag":"gcr.io/p/img:1"}
  EXPECT_TRUE(told(R"({"message":{"data":"eyJhY3Rpb24iOiJERUxFVEUiLCJ0YWciOiJnY3IuaW8vcC9pbWc6MSJ9"}})").empty());
  EXPECT_FALSE(parse_any(R"({"message":{"data":"%%%"}})", {}, Settings())) << "no base64";
}

std::string event_bridge(const std::string& region, const std::string& action, const std::string& result) {
  return R"({"version":"0","id":"13cde686","detail-type":"ECR Image Action","source":"aws.ecr","account":"123456789012",
      "time":"2026-11-16T01:54:34Z","region":")" +
         region + R"(","resources":[],"detail":{"result":")" + result +
         R"(","repository-name":"my-repo","image-digest":")" + digest + R"(","action-type":")" + action +
         R"(","image-tag":"latest"}})";
}

TEST(Sender, amazon_by_event_bridge) {
  EXPECT_EQ(told(event_bridge("us-west-2", "PUSH", "SUCCESS")),
            Told{"123456789012.dkr.ecr.us-west-2.amazonaws.com/my-repo:latest@" + digest});
  EXPECT_EQ(told(event_bridge("cn-north-1", "PUSH", "SUCCESS")),
            Told{"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/my-repo:latest@" + digest});
  EXPECT_TRUE(told(event_bridge("us-west-2", "PUSH", "FAILURE")).empty());
  EXPECT_TRUE(told(event_bridge("us-west-2", "DELETE", "SUCCESS")).empty());
}

TEST(Sender, amazon_by_cloud_event) {
  EXPECT_EQ(told(R"({"specversion":"1.0","id":"e1","type":"com.amazon.ecr.image.push",
      "source":"urn:aws:ecr:us-west-2:123456789012:repository/my-repo","subject":"my-repo:latest",
      "data":{"repositoryName":"my-repo","imageDigest":"sha256:7f5b","imageTag":"latest","registryId":"123456789012"}})"),
            Told{"123456789012.dkr.ecr.us-west-2.amazonaws.com/my-repo:latest"});
  EXPECT_TRUE(told(R"({"specversion":"1.0","type":"com.amazon.ecr.image.push","source":"short","data":{}})").empty());
}

TEST(Sender, alibaba) {
  EXPECT_EQ(told(R"({"push_data":{"digest":"sha256:457f","pushed_at":"2026-03-01 20:10:10","tag":"latest"},
      "repository":{"name":"repo","namespace":"ns","region":"cn-hangzhou","repo_full_name":"ns/repo","repo_type":"PUBLIC"}})"),
            Told{"registry.cn-hangzhou.aliyuncs.com/ns/repo:latest"});
}

TEST(Sender, zot_in_both_modes_under_the_host_that_the_settings_give_it) {
  const std::string data = R"({"name":"team/app","reference":"1.0","digest":")" + digest + R"(","manifest":"{}"})";
  const std::string settings = R"({"aliases":{"zotregistry.dev":"zot.example.com:5000"}})";
  const Told expected{"zot.example.com:5000/team/app:1.0@" + digest};
  EXPECT_EQ(
      told(R"({"specversion":"1.0","id":"1","source":"zotregistry.dev","type":"zotregistry.image.updated","data":)" +
               data + "}",
           {}, settings),
      expected);
  EXPECT_EQ(told(data, {"", "zotregistry.image.updated", "zotregistry.dev"}, settings), expected);
  EXPECT_TRUE(told(data, {"", "zotregistry.image.deleted", "zotregistry.dev"}, settings).empty());
}

TEST(Sender, the_plain_form_for_scripts) {
  EXPECT_EQ(told(R"({"image":"ghcr.io/acme/web:1.2.3"})"), Told{"ghcr.io/acme/web:1.2.3"});
  EXPECT_EQ(told(R"({"image":"registry.test:5000/web:1"})"), Told{"registry.test:5000/web:1"});
  EXPECT_EQ(told(R"({"name":"ghcr.io/o/i","tag":"1.0"})"), Told{"ghcr.io/o/i:1.0"});
  EXPECT_FALSE(parse_any(R"({"image":"registry.test:5000/web"})", {}, Settings())) << "no tag";
}

TEST(Sender, distribution_and_its_short_form_stay_what_they_were) {
  EXPECT_EQ(told(R"({"events":[{"action":"push","target":{"repository":"ghcr.io/a/b","tag":"1"}}]})"),
            Told{"ghcr.io/a/b:1"});
  EXPECT_EQ(told(R"({"repository":"myimage","tag":"v1.2.3"})"), Told{"docker.io/library/myimage:v1.2.3"});
}

TEST(Sender, what_nobody_sends_is_refused) {
  for (const char* body : {"{}", "[]", "1", "nonsense", R"({"hello":"world"})"}) {
    const auto pushes = parse_any(body, {}, Settings());
    ASSERT_FALSE(pushes) << body;
    EXPECT_EQ(pushes.failure().code, HW_INVALID);
  }
}

}  // namespace
}  // namespace headwind::registries
