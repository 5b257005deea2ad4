// SPDX-License-Identifier: Apache-2.0
// CloudEvents of Amazon, Azure, zot and anybody: structured, binary and in batches.
#include "sender_world.hpp"

namespace headwind::registries {
namespace {

std::string event(const std::string& type, const std::string& source, const std::string& data,
                  const std::string& subject = "") {
  return R"({"specversion":"1.0","id":"e1","type":")" + type + R"(","source":")" + source + R"(","subject":")" +
         subject + R"(","time":"2026-11-16T01:54:34Z","datacontenttype":"application/json","data":)" + data + "}";
}
WebhookHead binary(const std::string& type, const std::string& source, const std::string& subject = "") {
  WebhookHead head;
  head.ce_type = type;
  head.ce_source = source;
  head.ce_id = "e1";
  head.ce_subject = subject;
  return head;
}
const std::string push = "com.amazon.ecr.image.push";
const std::string urn = "urn:aws:ecr:us-west-2:123456789012:repository/my-repo";

TEST(CloudEvents, amazon_with_data_or_with_no_more_than_a_subject) {
  const std::string data =
      R"({"repositoryName":"my-repo","imageDigest":"sha256:7f5b","imageTag":"latest","registryId":"123456789012"})";
  const Told expected{"123456789012.dkr.ecr.us-west-2.amazonaws.com/my-repo:latest"};
  for (const char* endpoint : {"", "ecr", "cloudevents"}) {
    EXPECT_EQ(told(event(push, urn, data, "my-repo:latest"), to(endpoint)), expected);
    EXPECT_EQ(told(event(push, urn, "{}", "my-repo:latest"), to(endpoint)), expected);
    EXPECT_EQ(told(event(push, "arn:aws:ecr:us-west-2:123456789012:repository/my-repo", R"({"imageTag":"latest"})"),
                   to(endpoint)),
              expected);
  }
  EXPECT_EQ(told(event(push, "arn:aws-cn:ecr:cn-northwest-1:123456789012:repository/my-repo", "{}", "my-repo:1")),
            Told{"123456789012.dkr.ecr.cn-northwest-1.amazonaws.com.cn/my-repo:1"});
  EXPECT_EQ(told(event(push, urn, R"({"registryId":"999999999999"})", "a/b:1")),
            Told{"999999999999.dkr.ecr.us-west-2.amazonaws.com/a/b:1"});
  EXPECT_TRUE(told(event("com.amazon.ecr.image.scan", urn, data)).empty());
  EXPECT_TRUE(told(event("com.amazon.ecr.image.delete", urn, data)).empty());
  EXPECT_NE(refusal(event(push, "short", data)), "taken");
  EXPECT_NE(refusal(event(push, "a:b:c:d:", "{}")), "taken");
}

TEST(CloudEvents, attributes_may_be_headers) {
  const WebhookHead head = binary(push, urn, "my-repo:latest");
  EXPECT_EQ(told("{}", head), Told{"123456789012.dkr.ecr.us-west-2.amazonaws.com/my-repo:latest"});
  EXPECT_EQ(parse("{}", head)[0].event_id, "e1");
}

TEST(CloudEvents, zot_under_the_host_that_the_configuration_gives_it) {
  const std::string updated = "zotregistry.image.updated", source = "zotregistry.dev";
  const std::string data =
      R"({"name":"team/app","reference":"1.0","digest":")" + digest +
      R"(","mediaType":"application/vnd.oci.image.manifest.v1+json","manifest":"{}","actor":{},"request":{}})";
  const std::string settings = R"({"aliases":{"zotregistry.dev":"zot.example.com:5000"}})";
  const Told expected{"zot.example.com:5000/team/app:1.0@" + digest};
  EXPECT_EQ(told(event(updated, source, data), {}, settings), expected);
  EXPECT_EQ(told(data, binary(updated, source), settings), expected);
  WebhookHead head = to("zot");
  head.places = {{"zot", "", "zot.example.com:5000"}};
  EXPECT_EQ(told(event(updated, source, data), head), expected);
  EXPECT_EQ(parse(event(updated, source, data), head)[0].event_id, "e1");
  // With "typePrefix" and "source" of its own.
  EXPECT_EQ(told(event("com.example.registry.image.updated", "https://zot.example.com", data), to("zot")),
            Told{"zot.example.com/team/app:1.0@" + digest});
  EXPECT_TRUE(told(event("com.example.registry.image.deleted", "https://zot.example.com", data), to("zot")).empty());
  for (const char* other :
       {"zotregistry.image.deleted", "zotregistry.image.lint_failed", "zotregistry.repository.created"})
    EXPECT_TRUE(told(data, binary(other, source), settings).empty()) << other;
}

TEST(CloudEvents, of_anybody_count_by_the_words_of_their_type) {
  const auto at = [](const std::string& type) {
    return told(event(type, "https://r.example.com/x", R"({"repository":"a/b","tag":"1"})"));
  };
  for (const char* type :
       {"com.acme.image.pushed", "container.image.push", "ImagePublished", "com.acme.staging.ImagePushed",
        "dev.cdevents.artifact.published.0.1.0", "image.updated", "image.tagged"})
    EXPECT_EQ(at(type), Told{"r.example.com/a/b:1"}) << type;
  for (const char* type : {"com.acme.image.deleted", "image.pulled", "image.scan.completed", "quota.updated",
                           "image.push.failed", "image.untagged", "vulnerability.created", "staging.image", "image"})
    EXPECT_TRUE(at(type).empty()) << type;
}

TEST(CloudEvents, of_anybody_name_their_host_in_the_data_the_name_or_the_source) {
  const std::string type = "image.pushed";
  const auto data = [](const std::string& more) { return R"({"tag":"1",)" + more + "}"; };
  EXPECT_EQ(told(event(type, "/x", data(R"("repositoryName":"a/b","registryUrl":"https://r.test:5000/v2/")"))),
            Told{"r.test:5000/a/b:1"});
  EXPECT_EQ(told(event(type, "/x", data(R"("repository":"a/b","registry":"R.Test")"))), Told{"r.test/a/b:1"});
  EXPECT_EQ(told(event(type, "/x", data(R"("name":"ghcr.io/a/b")"))), Told{"ghcr.io/a/b:1"});
  EXPECT_EQ(told(event(type, "https://r.example.com/p", data(R"("name":"a/b")"))), Told{"r.example.com/a/b:1"});
  EXPECT_EQ(told(event(type, "//r.example.com", "{}", "a/b:2")), Told{"r.example.com/a/b:2"});
  WebhookHead head = to("cloudevents");
  EXPECT_NE(refusal(event(type, "/x", data(R"("name":"a/b")")), head).find("webhooks.cloudevents.host"),
            std::string::npos);
  head.places = {{"cloudevents", "", "r.example.com"}};
  EXPECT_EQ(told(event(type, "/x", data(R"("name":"a/b")")), head), Told{"r.example.com/a/b:1"});
}

TEST(CloudEvents, in_a_batch_the_good_ones_count) {
  const std::string good = event("image.pushed", "https://r.test", R"({"repository":"a/b","tag":"1"})");
  const std::string bad = event("image.pushed", "nowhere", R"({"repository":"a/b","tag":"1"})");
  EXPECT_EQ(told("[" + bad + "," + good + ",7," + good + "]", to("cloudevents")), Told{"r.test/a/b:1"});
  EXPECT_NE(refusal("[" + bad + "]", to("cloudevents")), "taken");
  std::string many = "[0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  EXPECT_NE(refusal(many + "]", to("cloudevents")), "taken");
}

TEST(CloudEvents, azure_by_event_grid) {
  const std::string data =
      R"({"action":"push","target":{"repository":"aci","tag":"v1"},"request":{"host":"myregistry.azurecr.io"}})";
  for (const char* endpoint : {"", "acr", "cloudevents"}) {
    EXPECT_EQ(told(event("Microsoft.ContainerRegistry.ImagePushed", "/subscriptions/s", data), to(endpoint)),
              Told{"myregistry.azurecr.io/aci:v1"});
    EXPECT_TRUE(
        told(event("Microsoft.ContainerRegistry.ImageDeleted", "/subscriptions/s", data), to(endpoint)).empty());
  }
}

}  // namespace
}  // namespace headwind::registries
