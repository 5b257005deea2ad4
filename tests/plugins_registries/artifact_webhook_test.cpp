// SPDX-License-Identifier: Apache-2.0
// JFrog Artifactory and Sonatype Nexus, in each of the ways in which they serve images.
#include "sender_world.hpp"

namespace headwind::registries {
namespace {

std::string jfrog(const std::string& type, const std::string& origin = R"("jpd_origin":"https://x.jfrog.io",)",
                  const std::string& tag = "1.0") {
  return R"({"domain":"docker","event_type":")" + type +
         R"(","data":{"repo_key":"docker-local","path":"team/img/1.0/list.manifest.json","name":"list.manifest.json",
      "sha256":")" +
         digest.substr(7) + R"(","size":1676,"image_name":"team/img","tag":")" + tag +
         R"(","platforms":[{"architecture":"amd64","os":"linux"}]},"subscription_key":"s",)" + origin +
         R"("source":"jfrog/user@x"})";
}

TEST(Jfrog, is_read_below_the_path_of_its_repository) {
  for (const char* endpoint : {"", "jfrog"}) {
    EXPECT_EQ(told(jfrog("pushed"), to(endpoint)), Told{"x.jfrog.io/docker-local/team/img:1.0@" + digest});
    for (const char* type : {"deleted", "promoted", "tagPushed"})
      EXPECT_TRUE(told(jfrog(type), to(endpoint)).empty()) << type;
  }
  EXPECT_TRUE(told(jfrog("pushed", R"("jpd_origin":"https://x.jfrog.io",)", digest)).empty()) << "of one platform";
  EXPECT_TRUE(told(R"({"domain":"artifact","event_type":"deployed","data":{}})").empty());
}

TEST(Jfrog, is_found_where_the_configuration_says) {
  WebhookHead head = to("jfrog");
  head.places = {{"jfrog", "", "artifacts.example.com"}};
  EXPECT_EQ(told(jfrog("pushed", ""), head), Told{"artifacts.example.com/docker-local/team/img:1.0@" + digest});
  EXPECT_EQ(told(jfrog("pushed"), head), Told{"artifacts.example.com/docker-local/team/img:1.0@" + digest});
  head.places.push_back({"jfrog", "docker-local", "docker.example.com"});  // by subdomain or port
  EXPECT_EQ(told(jfrog("pushed"), head), Told{"docker.example.com/team/img:1.0@" + digest});
  head.places.back().base = "artifacts.example.com/docker";  // by a virtual repository
  EXPECT_EQ(told(jfrog("pushed"), head), Told{"artifacts.example.com/docker/team/img:1.0@" + digest});
}

TEST(Jfrog, without_a_host_it_says_what_to_set) {
  for (const char* origin : {"", R"("jpd_origin":"http://artifactory",)"})
    EXPECT_NE(refusal(jfrog("pushed", origin)).find("webhooks.jfrog.host"), std::string::npos) << origin;
  EXPECT_NE(refusal(R"({"domain":"docker","event_type":"pushed","data":{},"jpd_origin":"https://x.jfrog.io"})"),
            "taken");
}

std::string component(const std::string& action, const std::string& format = "docker") {
  return R"({"timestamp":"2026-11-10T23:57:49.664+0000","nodeId":"52905B51","initiator":"admin/192.0.2.1",
      "repositoryName":"docker-hosted","action":")" +
         action + R"(","component":{"id":"08909bf0","componentId":"bnB","format":")" + format +
         R"(","name":"team/app","group":null,"version":"1.0"}})";
}
std::string asset(const std::string& action, const std::string& name) {
  return R"({"timestamp":"2026-11-10T23:57:49.664+0000","nodeId":"52905B51","initiator":"anonymous/192.0.2.1",
      "repositoryName":"docker-hosted","action":")" +
         action + R"(","asset":{"id":"31c950c8","assetId":"bnB","format":"docker","name":")" + name + R"("}})";
}
WebhookHead nexus() {
  WebhookHead head = to("nexus");
  head.delivery = "7f4a6dde";
  head.places = {{"nexus", "", "nexus.example.com:8082"}};
  return head;
}

TEST(Nexus, is_read_in_components_and_in_assets) {
  EXPECT_EQ(told(component("CREATED"), nexus()), Told{"nexus.example.com:8082/team/app:1.0"});
  EXPECT_EQ(parse(component("CREATED"), nexus())[0].event_id, "7f4a6dde");
  EXPECT_EQ(told(asset("CREATED", "v2/team/app/manifests/1.0"), nexus()), Told{"nexus.example.com:8082/team/app:1.0"});
  EXPECT_EQ(told(asset("UPDATED", "/v2/team/app/manifests/1.0"), nexus()), Told{"nexus.example.com:8082/team/app:1.0"});
}

TEST(Nexus, what_is_no_push_brings_nothing) {
  EXPECT_TRUE(told(component("DELETED"), nexus()).empty());
  EXPECT_TRUE(told(component("UPDATED"), nexus()).empty());
  EXPECT_TRUE(told(component("CREATED", "maven2"), nexus()).empty());
  for (const std::string& name : {"v2/team/app/manifests/" + digest, std::string("v2/-/blobs/sha256:00"),
                                  std::string("team/app"), std::string("v2/manifests/1"), std::string("manifests/1")})
    EXPECT_TRUE(told(asset("CREATED", name), nexus()).empty()) << name;
  EXPECT_TRUE(told(R"({"action":"CREATED","repositoryName":"docker-hosted"})", nexus()).empty());
}

TEST(Nexus, is_found_at_the_connector_of_its_repository) {
  WebhookHead head = nexus();
  head.endpoint = "any";
  head.places.push_back({"nexus", "docker-hosted", "nexus.example.com:8083"});
  EXPECT_EQ(told(component("CREATED"), head), Told{"nexus.example.com:8083/team/app:1.0"});
  head.places.clear();
  EXPECT_NE(refusal(component("CREATED"), head).find("webhooks.nexus.host"), std::string::npos);
}

}  // namespace
}  // namespace headwind::registries
