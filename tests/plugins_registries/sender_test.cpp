// SPDX-License-Identifier: Apache-2.0
// The webhooks of senders that have a format of their own: their samples, and what is no push.
#include <algorithm>
#include <map>

#include "sender_world.hpp"

namespace headwind::registries {
namespace {

std::string harbor(const std::string& type, const std::string& resources,
                   const std::string& names = R"("repo_full_name":"lib/app",)") {
  return R"({"type":")" + type + R"(","occur_at":1680501893,"operator":"admin","event_data":{"resources":[)" +
         resources + R"(],"repository":{"date_created":1677053165,"name":"app","namespace":"lib",)" + names +
         R"("repo_type":"private"}}})";
}
std::string resource(const std::string& tag, const std::string& scheme = "") {
  return R"({"digest":")" + digest + R"(","tag":")" + tag + R"(","resource_url":")" + scheme +
         "harbor.dev/lib/app:" + tag + R"("})";
}
std::string harbor_event(const std::string& type, const std::string& names = R"("repo_full_name":"lib/app",)") {
  return R"({"specversion":"1.0","id":"eed78bb8-35f8-4f9b-b9ab-7ed1a0fbf2a8","requestid":"2eedfab8-61d3-4f3c-8ec3-8f82d1ec4c84",
      "source":"/projects/2/webhook/policies/15","type":")" +
         type + R"(","datacontenttype":"application/json","time":"2026-04-03T06:04:53Z","operator":"admin",
      "data":{"resources":[)" +
         resource("1.0") + R"(],"repository":{"name":"app","namespace":"lib",)" + names + R"("repo_type":"private"}}})";
}
const std::string quay = R"({"name":"app","repository":"org/app","namespace":"org","docker_url":"quay.io/org/app",
    "homepage":"https://quay.io/repository/org/app","updated_tags":["1.0","latest"]})";
const std::string hub =
    R"({"callback_url":"https://registry.hub.docker.com/u/ns/name/hook/2141b5bi5i5b02bec211i4eeih0242eg11000a/",
    "push_data":{"pushed_at":1417566161,"pusher":"trustedbuilder","tag":"latest"},"repository":{"repo_name":"ns/name",
    "namespace":"ns","name":"name","repo_url":"https://hub.docker.com/r/ns/name","is_private":true,"status":"Active",
    "owner":"ns","is_official":false}})";
const std::string envelope =
    R"({"events":[{"id":"32e8","action":"push","target":{"repository":"ghcr.io/a/b","tag":"1"}}]})";

TEST(Sender, harbor_in_its_default_format) {
  EXPECT_EQ(told(harbor("PUSH_ARTIFACT", resource("1.0"))), Told{"harbor.dev/lib/app:1.0@" + digest});
  EXPECT_EQ(told(harbor("pushImage", resource("1.0"))), Told{"harbor.dev/lib/app:1.0@" + digest});
  EXPECT_EQ(told(harbor("PUSH_ARTIFACT", resource("1.0") + "," + resource("1.1") + "," + resource(digest))).size(), 2U)
      << "what was pushed by digest has no tag";
  for (const char* type : {"DELETE_ARTIFACT", "PULL_ARTIFACT", "SCANNING_COMPLETED", "QUOTA_EXCEED", "REPLICATION"})
    EXPECT_TRUE(told(harbor(type, resource("1.0"))).empty()) << type;
  EXPECT_TRUE(told(R"({"type":"TEST_ENDPOINT"})", to("harbor")).empty());
}

TEST(Sender, harbor_before_2_8_with_a_chart_of_a_repository_over_HTTP) {
  const auto chart = [](const std::string& version, const std::string& url) {
    return R"({"type":"UPLOAD_CHART","event_data":{"resources":[{"tag":")" + version + R"(","resource_url":")" + url +
           R"("}],"repository":{"name":"app","namespace":"lib","repo_full_name":"lib/app"}}})";
  };
  const std::string home = "https://harbor.dev/chartrepo/lib";
  EXPECT_EQ(told(chart("1.2.3", home + "/charts/app-1.2.3.tgz")), Told{home + "/app:1.2.3"});
  EXPECT_EQ(told(chart("1.2.3", home + "/charts/app-1.2.3.tgz"), to("harbor")), Told{home + "/app:1.2.3"});
  for (const std::string& url :
       {home + "/charts/app-1.2.4.tgz", home + "/charts/other-1.2.3.tgz", std::string("/charts/app-1.2.3.tgz"),
        std::string("ftp://harbor.dev/charts/app-1.2.3.tgz"), std::string("https:///charts/app-1.2.3.tgz")})
    EXPECT_TRUE(told(chart("1.2.3", url)).empty()) << url;
  EXPECT_TRUE(told(chart("1.2.3+b1", home + "/charts/app-1.2.3+b1.tgz")).empty()) << "no tag: it is found by polling";
}

TEST(Sender, harbor_in_cloud_events) {
  EXPECT_EQ(told(harbor_event("harbor.artifact.pushed")), Told{"harbor.dev/lib/app:1.0@" + digest});
  EXPECT_EQ(parse(harbor_event("harbor.artifact.pushed"))[0].event_id, "eed78bb8-35f8-4f9b-b9ab-7ed1a0fbf2a8");
  for (const char* type : {"harbor.artifact.pulled", "harbor.artifact.deleted", "harbor.scan.completed",
                           "harbor.quota.exceeded", "harbor.replication.status.changed"})
    EXPECT_TRUE(told(harbor_event(type)).empty()) << type;
}

TEST(Sender, harbor_without_a_full_name_and_with_a_scheme) {
  EXPECT_EQ(told(harbor("PUSH_ARTIFACT", resource("1.0", "https://"), "")), Told{"harbor.dev/lib/app:1.0@" + digest});
  EXPECT_EQ(told(harbor_event("harbor.artifact.pushed", "")), Told{"harbor.dev/lib/app:1.0@" + digest});
  EXPECT_EQ(told(harbor("PUSH_ARTIFACT", resource("1.0")), {}, R"({"aliases":{"harbor.dev":"harbor.example.com"}})"),
            Told{"harbor.example.com/lib/app:1.0@" + digest});
}

TEST(Sender, quay_with_all_its_tags) {
  EXPECT_EQ(told(quay), (Told{"quay.io/org/app:1.0", "quay.io/org/app:latest"}));
  EXPECT_NE(refusal(R"({"docker_url":"app","updated_tags":["1"]})"), "taken");
}

TEST(Sender, docker_hub_on_the_path_of_all) {
  const auto pushes = parse(hub);
  ASSERT_EQ(pushes.size(), 1U);
  EXPECT_EQ(pushes[0], (Push{"docker.io/ns/name", "latest", "", "", "", 1417566161000}));
  EXPECT_EQ(told(R"({"push_data":{"tag":"v1"},"repository":{"repo_name":"myimage"}})", to("any")),
            Told{"docker.io/library/myimage:v1"});
}

TEST(Sender, the_plain_form_for_scripts) {
  EXPECT_EQ(told(R"({"image":"ghcr.io/acme/web:1.2.3"})"), Told{"ghcr.io/acme/web:1.2.3"});
  EXPECT_EQ(told(R"({"image":"registry.test:5000/web:1"})"), Told{"registry.test:5000/web:1"});
  EXPECT_EQ(told(R"({"image":"nginx:1.27"})"), Told{"docker.io/library/nginx:1.27"});
  EXPECT_EQ(told(R"({"image":"ghcr.io/acme/web:1.2.3@)" + digest + R"("})"), Told{"ghcr.io/acme/web:1.2.3@" + digest});
  EXPECT_EQ(told(R"({"image":"ghcr.io/acme/web:1.2.3@sha256:short"})"), Told{"ghcr.io/acme/web:1.2.3"});
  EXPECT_EQ(told(R"({"name":"ghcr.io/o/i","tag":"1.0"})"), Told{"ghcr.io/o/i:1.0"}) << "as Keel takes it";
  EXPECT_EQ(told(R"({"name":"r.test:5000/i","tag":"1.0","digest":")" + digest + R"("})"),
            Told{"r.test:5000/i:1.0@" + digest});
  for (const char* body : {R"({"image":"registry.test:5000/web"})", R"({"image":"web@sha256:00"})", R"({"image":":1"})",
                           R"({"name":"UPPER/x","tag":"1"})"})
    EXPECT_NE(refusal(body, to("image")), "taken") << body;
}

TEST(Sender, azure_as_a_single_event_of_distribution) {
  const auto body = [](const std::string& action, const std::string& tag) {
    return R"({"id":"cb8c3971-9adc-488b-xxxx-43cbb4974ff5","timestamp":"2026-11-17T16:52:01.343145347Z","action":")" +
           action +
           R"(","target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":524,"digest":")" +
           digest + R"(","length":524,"repository":"hello-world")" + (tag.empty() ? "" : R"(,"tag":")" + tag + "\"") +
           R"(},"request":{"id":"3cbb6949","host":"myregistry.azurecr.io","method":"PUT","useragent":"docker/27"}})";
  };
  for (const char* endpoint : {"", "any", "acr"}) {
    EXPECT_EQ(told(body("push", "v1"), to(endpoint)), Told{"myregistry.azurecr.io/hello-world:v1@" + digest});
    for (const char* action : {"delete", "quarantine", "chart_push", "chart_delete"})
      EXPECT_TRUE(told(body(action, "v1"), to(endpoint)).empty()) << action;
    EXPECT_TRUE(told(body("push", ""), to(endpoint)).empty());
    EXPECT_TRUE(told(R"({"id":"1","action":"ping","target":{},"request":{"id":"2"}})", to(endpoint)).empty());
    EXPECT_TRUE(told(R"({"action":"ping","target":null})", to(endpoint)).empty());
  }
}

TEST(Sender, gitlab_with_its_own_registry_and_not_with_hooks_of_projects) {
  EXPECT_EQ(
      told(R"({"events":[{"id":"a","action":"push","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json",
      "repository":"group/project","url":"https://registry.gitlab.example.com/v2/group/project/manifests/1","tag":"1"}}]})",
           to("gitlab")),
      Told{"registry.gitlab.example.com/group/project:1"});
  EXPECT_NE(refusal(R"({"object_kind":"pipeline"})", to("gitlab")).find("/webhook/image"), std::string::npos);
}

TEST(Sender, distribution_and_its_short_form_stay_what_they_were) {
  for (const char* endpoint : {"", "registry"}) {
    EXPECT_EQ(told(envelope, to(endpoint)), Told{"ghcr.io/a/b:1"});
    EXPECT_EQ(parse(envelope, to(endpoint))[0].event_id, "32e8");
    EXPECT_EQ(told(R"({"repository":"myimage","tag":"v1.2.3"})", to(endpoint)),
              Told{"docker.io/library/myimage:v1.2.3"});
  }
}

// The body of each sender, on each path: its own and that of all take it, every other one refuses it.
TEST(Sender, a_path_of_a_sender_takes_no_other_s_body) {
  const std::string zot =
      R"({"specversion":"1.0","source":"z.test","type":"zotregistry.image.updated","data":{"name":"a","reference":"1"}})";
  const std::string event_bridge =
      R"({"detail-type":"ECR Image Action","account":"1","region":"us-west-2","detail":{"result":"SUCCESS",
      "repository-name":"my-repo","action-type":"PUSH","image-tag":"latest"}})";
  const std::map<std::string, std::pair<std::string, Told>> bodies{
      {harbor("PUSH_ARTIFACT", resource("1.0")), {"harbor", {"harbor"}}},
      {harbor_event("harbor.artifact.pushed"), {"harbor event", {"harbor", "cloudevents"}}},
      {quay, {"quay", {"quay"}}},
      {hub, {"dockerhub", {"dockerhub"}}},
      {envelope, {"registry", {"registry", "gitlab", "acr"}}},
      {R"({"image":"ghcr.io/acme/web:1.2.3"})", {"image", {"image"}}},
      {zot, {"zot", {"zot", "cloudevents"}}},
      {event_bridge, {"ecr", {"ecr"}}},
      {R"({"action":"published","package":{"name":"img","package_type":"container","owner":{"login":"o"},
           "package_version":{"container_metadata":{"tag":{"name":"1"}}}}})",
       {"ghcr", {"ghcr"}}},
      {R"({"action":"created","package":{"name":"img","type":"container","owner":{"login":"o"},"version":"1",
           "html_url":"https://git.test/o/img"}})",
       {"gitea", {"gitea", "forgejo"}}},
      {R"({"push_data":{"tag":"1"},"repository":{"region":"cn-hangzhou","repo_full_name":"a/b"}})",
       {"aliyun", {"aliyun"}}},
      {R"({"message":{"data":"eyJhY3Rpb24iOiJJTlNFUlQiLCJ0YWciOiJnY3IuaW8vcC9pOjEifQ=="}})", {"gar", {"gar"}}},
      {R"({"domain":"docker","event_type":"pushed","data":{"repo_key":"k","image_name":"i","tag":"1"},"jpd_origin":"https://x.jfrog.io"})",
       {"jfrog", {"jfrog"}}}};
  for (const auto& [body, expected] : bodies) {
    for (const char* endpoint : {"registry", "dockerhub", "harbor", "ghcr", "quay", "acr", "gar", "ecr", "gitea",
                                 "forgejo", "gitlab", "jfrog", "nexus", "zot", "aliyun", "cloudevents", "image"}) {
      const auto& [sender, at] = expected;
      const bool its_own = std::find(at.begin(), at.end(), endpoint) != at.end();
      const auto pushes = parse_any(body, to(endpoint), Settings());
      if (its_own)
        EXPECT_TRUE(pushes && !pushes->empty()) << sender << " at " << endpoint;
      else
        EXPECT_FALSE(pushes && !pushes->empty()) << sender << " at " << endpoint;
    }
    EXPECT_EQ(told(body).size(), 1U + (body == quay ? 1U : 0U)) << body;
  }
}

TEST(Sender, ids_and_types_that_the_host_would_reject_are_dropped) {
  for (const std::string& odd :
       {std::string("a\\nb"), std::string("a\\u0000"), std::string("\xc3\xbc"), std::string(256, 'x')}) {
    const auto pushes =
        parse(R"({"events":[{"id":")" + odd +
              R"(","action":"push","target":{"repository":"a/b","tag":"1","mediaType":")" + odd + R"("}}]})");
    ASSERT_EQ(pushes.size(), 1U) << odd;
    EXPECT_EQ(pushes[0].event_id + pushes[0].media_type, "") << odd;
    const auto event =
        parse(R"({"specversion":"1.0","id":")" + odd +
              R"(","type":"image.pushed","source":"https://r.test","data":{"repository":"a/b","tag":"1"}})");
    ASSERT_EQ(event.size(), 1U) << odd;
    EXPECT_EQ(event[0].event_id, "") << odd;
  }
}

TEST(Sender, what_nobody_sends_is_refused) {
  for (const char* body : {"{}", "[]", "1", "nonsense", R"({"hello":"world"})", "[1]", "[{}]", "[[]]"})
    for (const char* endpoint : {"", "harbor", "ghcr", "acr", "cloudevents", "nexus", "registry"})
      EXPECT_NE(refusal(body, to(endpoint)), "taken") << body << " at " << endpoint;
  EXPECT_EQ(refusal("{}", to("quay")),
            "the body is not one that /webhook/quay takes: let its sender post to its own path, or to /webhook");
  EXPECT_EQ(refusal(R"({"imagee":"web:1","by":"ci"})", to("image")),
            R"(the body has no 'image', but 'imagee', 'by': write {"image": "ghcr.io/acme/web:1.2.3"})");
  EXPECT_EQ(refusal("[]", to("image")), R"(the body has no 'image': write {"image": "ghcr.io/acme/web:1.2.3"})");
}

TEST(Sender, the_head_of_a_call) {
  const std::vector<std::pair<std::string, std::string>> rows{{"x-gitea-event", "package"},
                                                              {"x-github-event", "other"},
                                                              {"x-gitea-delivery", "d"},
                                                              {"headwind-endpoint", "nexus"},
                                                              {"ce-id", "i"},
                                                              {"ce-subject", "s"},
                                                              {"headwind-place", "nexus * a:1"},
                                                              {"ce-type", "t"},
                                                              {"ce-source", "u"},
                                                              {"headwind-place", "nexus b a:2/c"},
                                                              {"headwind-place", "odd"}};
  const WebhookHead head = read_head(rows.size(), [&](std::size_t i) {
    return std::pair<std::string_view, std::string_view>(rows[i].first, rows[i].second);
  });
  EXPECT_EQ(head.endpoint, "nexus");
  EXPECT_EQ(head.event, "package") << "the first counts";
  EXPECT_EQ(head.delivery, "d");
  EXPECT_EQ(head.ce_type + head.ce_source + head.ce_id + head.ce_subject, "tuis");
  ASSERT_EQ(head.places.size(), 2U);
  EXPECT_EQ(head.place_of("nexus", "b")->base, "a:2/c");
  EXPECT_EQ(head.place_of("nexus", "x")->base, "a:1");
  EXPECT_EQ(head.place_of("jfrog"), nullptr);
}

}  // namespace
}  // namespace headwind::registries
