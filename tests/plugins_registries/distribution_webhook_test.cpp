// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "registries/core/push.hpp"

namespace headwind::registries {
namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

std::vector<Push> parse(const std::string& body, const std::string& settings = "") {
  const auto parsed = Settings::parse(settings);
  EXPECT_TRUE(parsed);
  const auto pushes = parse_distribution(body, *parsed);
  EXPECT_TRUE(pushes) << pushes.failure().message;
  return pushes ? *pushes : std::vector<Push>();
}

hw_status status_of(const std::string& body) {
  const auto pushes = parse_distribution(body, Settings());
  return pushes ? HW_OK : pushes.failure().code;
}

std::string one(const std::string& target, const std::string& extra = "") {
  return R"({"events":[{"action":"push","target":{)" + target + "}" + extra + "}]}";
}

std::string repository_of(const std::string& body, const std::string& settings = "") {
  const auto pushes = parse(body, settings);
  return pushes.size() == 1 ? pushes[0].repository : std::to_string(pushes.size()) + " pushes";
}

TEST(DistributionWebhook, reads_the_documented_sample) {
  const auto pushes = parse(
      R"({"events":[{"action":"push","target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
      "digest":"sha256:abc","repository":"myorg/myapp","url":"https://registry.example.com/v2/myorg/myapp/manifests/sha256:abc",
      "tag":"v1.2.3"},"request":{"id":"1","method":"PUT","useragent":"docker/24"}}]})");
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].repository, "registry.example.com/myorg/myapp");
  EXPECT_EQ(pushes[0].tag, "v1.2.3");
  EXPECT_EQ(pushes[0].digest, "") << "a digest that is none is not passed on";
  EXPECT_EQ(pushes[0].media_type, "application/vnd.docker.distribution.manifest.v2+json");
}

TEST(DistributionWebhook, keeps_digest_time_and_id) {
  const auto pushes = parse(R"({"events":[{"id":"32e8","timestamp":"2026-11-22T11:02:03.4Z","action":"push","target":
      {"digest":")" + digest +
                            R"(","repository":"library/app","url":"http://127.0.0.1:5055/v2/library/app/manifests/x",
      "tag":"1.0.0"},"request":{"host":"127.0.0.1:5055"},"actor":{},"source":{"addr":"vm:5055"}}]})");
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0], (Push{"127.0.0.1:5055/library/app", "1.0.0", digest, "", "32e8", 1795345323400}));
}

TEST(DistributionWebhook, T5_pulls_and_untagged_pushes_are_no_pushes) {
  EXPECT_TRUE(parse(R"({"events":[{"action":"pull","target":{"repository":"a/b","tag":"1"}}]})").empty());
  EXPECT_TRUE(parse(R"({"events":[{"action":"delete","target":{"repository":"a/b","tag":"1"}}]})").empty());
  EXPECT_TRUE(parse(one(R"("repository":"a/b","digest":"sha256:abc")")).empty());
  EXPECT_TRUE(parse(R"({"events":[]})").empty());
}

TEST(DistributionWebhook, T6_the_host_comes_from_the_url_then_from_the_request) {
  EXPECT_EQ(
      repository_of(one(R"("repository":"org/app","tag":"1","url":"http://registry.test:5000/v2/org/app/manifests/x")",
                        R"(,"request":{"host":"other:1"})")),
      "registry.test:5000/org/app");
  EXPECT_EQ(repository_of(one(R"("repository":"org/app","tag":"1")", R"(,"request":{"host":"Registry.Test:5000"})")),
            "registry.test:5000/org/app");
}

TEST(DistributionWebhook, T7_a_host_inside_the_repository_is_not_doubled) {
  const std::string name = R"("repository":"registry.test:5000/org/app","tag":"1")";
  EXPECT_EQ(repository_of(one(name)), "registry.test:5000/org/app");
  EXPECT_EQ(repository_of(one(name + R"(,"url":"http://registry.test:5000/v2/org/app/manifests/x")")),
            "registry.test:5000/org/app");
  EXPECT_EQ(
      repository_of(one(name + R"(,"url":"http://registry.test:5000/v2/registry.test:5000/org/app/manifests/x")")),
      "registry.test:5000/org/app");
  EXPECT_EQ(repository_of(one(R"("repository":"ghcr.io/org/app","tag":"1")", R"(,"request":{"host":"ghcr.io"})")),
            "ghcr.io/org/app");
}

TEST(DistributionWebhook, a_path_that_looks_like_a_host_stays_a_path_where_the_url_shows_it) {
  EXPECT_EQ(repository_of(
                one(R"("repository":"my.org/app","tag":"1","url":"https://r.example.com/v2/my.org/app/manifests/x")")),
            "r.example.com/my.org/app");
}

TEST(DistributionWebhook, T9_names_without_any_host_are_docker_hub) {
  EXPECT_EQ(repository_of(one(R"("repository":"nginx","tag":"1")")), "docker.io/library/nginx");
  EXPECT_EQ(repository_of(one(R"("repository":"library/nginx","tag":"1")")), "docker.io/library/nginx");
  EXPECT_EQ(repository_of(one(R"("repository":"org/app","tag":"1")")), "docker.io/org/app");
  EXPECT_EQ(repository_of(one(R"("repository":"gcr.io/project/image","tag":"1")")), "gcr.io/project/image");
  EXPECT_EQ(repository_of(one(R"("repository":"registry.example.com:5000/myimage","tag":"1")")),
            "registry.example.com:5000/myimage");
  EXPECT_EQ(repository_of(one(R"("repository":"localhost/x","tag":"1")")), "localhost/x");
  for (const char* hub : {"docker.io", "index.docker.io", "registry-1.docker.io"})
    EXPECT_EQ(repository_of(one(R"("repository":"nginx","tag":"1","url":"https://)" + std::string(hub) +
                                R"(/v2/nginx/manifests/x")")),
              "docker.io/library/nginx");
}

TEST(DistributionWebhook, T8_a_host_that_no_image_can_name_is_not_taken_for_docker_hub) {
  EXPECT_EQ(status_of(one(R"("repository":"org/app","tag":"1")", R"(,"request":{"host":"registry"})")), HW_INVALID);
  EXPECT_EQ(repository_of(one(R"("repository":"org/app","tag":"1")", R"(,"request":{"host":"registry"})"),
                          R"({"aliases":{"registry":"registry.example.com"}})"),
            "registry.example.com/org/app");
}

TEST(DistributionWebhook, library_is_only_added_on_docker_hub) {
  EXPECT_EQ(repository_of(one(R"("repository":"app","tag":"1","url":"https://r.example.com/v2/app/manifests/x")")),
            "r.example.com/app");
}

TEST(DistributionWebhook, T4_the_short_form_of_the_chart_is_accepted) {
  const auto pushes = parse(R"({"repository":"myimage","tag":"v1.2.3"})");
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].repository, "docker.io/library/myimage");
  EXPECT_EQ(pushes[0].tag, "v1.2.3");
}

TEST(DistributionWebhook, an_event_without_its_envelope_is_accepted) {
  EXPECT_EQ(repository_of(R"({"id":"cb","action":"push","target":{"repository":"hello-world","tag":"v1"},
            "request":{"host":"myregistry.azurecr.io"}})"),
            "myregistry.azurecr.io/hello-world");
  EXPECT_TRUE(parse(R"({"action":"delete","target":{"repository":"hello-world"}})").empty());
}

TEST(DistributionWebhook, T29_a_batch_with_bad_events_still_delivers_the_good_ones) {
  const auto pushes = parse(R"({"events":[{}, 7, {"action":"push","target":{"repository":"a/b","tag":"1"}},
      {"action":"push","target":{"repository":"UPPER/x","tag":"1"}}, {"action":"push","target":{"repository":"c/d","tag":"2"}}]})");
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].repository, "docker.io/a/b");
  EXPECT_EQ(pushes[1].repository, "docker.io/c/d");
}

TEST(DistributionWebhook, T31_the_media_type_of_a_chart_is_passed_on) {
  const auto pushes = parse(one(
      R"("mediaType":"application/vnd.cncf.helm.config.v1+json","repository":"oci.test/charts/app","tag":"1.2.4")"));
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].repository, "oci.test/charts/app");
  EXPECT_EQ(pushes[0].media_type, "application/vnd.cncf.helm.config.v1+json");
}

TEST(DistributionWebhook, one_image_in_many_events_is_one_push) {
  const std::string blob = R"({"action":"push","target":{"mediaType":"application/octet-stream","repository":"a/b"}})";
  const std::string child = R"({"action":"push","target":{"digest":")" + digest + R"(","repository":"a/b"}})";
  const std::string index = R"({"action":"push","target":{"digest":")" + digest + R"(","repository":"a/b","tag":"1"}})";
  const std::string pull = R"({"action":"pull","target":{"repository":"a/b","tag":"1"}})";
  EXPECT_EQ(
      parse("{\"events\":[" + blob + "," + child + "," + child + "," + index + "," + index + "," + pull + "]}").size(),
      1u);
}

TEST(DistributionWebhook, T3_wrong_shapes_are_invalid) {
  for (const char* body :
       {"{}", "[]", "7", "null", "", "{", R"({"events":{}})", R"({"events":[{}]})", R"({"events":null})",
        R"({"events":[{"action":"push","target":{"repository":"a/b","tag":"not a tag"}}]})",
        R"({"type":"PUSH_ARTIFACT","event_data":{}})", R"({"repository":7,"tag":"1"})"})
    EXPECT_EQ(status_of(body), HW_INVALID) << body;
  EXPECT_EQ(status_of(std::string(3 << 20, ' ')), HW_INVALID);
  std::string many = "{\"events\":[0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  EXPECT_EQ(status_of(many + "]}"), HW_INVALID);
}

TEST(DistributionWebhook, deep_nesting_is_survived) {
  EXPECT_EQ(status_of("{\"events\":" + std::string(200000, '[')), HW_INVALID);
  EXPECT_EQ(status_of("{\"events\":" + std::string(200000, '[') + std::string(200000, ']') + "}"), HW_INVALID);
}

TEST(DistributionWebhook, a_mirror_s_events_also_mean_the_host_that_it_stands_for) {
  const std::string settings = R"({"hosts":{"docker.io":{"endpoint":"http://127.0.0.1:5000"},"ghcr.io":{}}})";
  const auto pushes =
      parse(one(R"("repository":"library/nginx","tag":"1","url":"http://127.0.0.1:5000/v2/library/nginx/manifests/x")"),
            settings);
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].repository, "127.0.0.1:5000/library/nginx");
  EXPECT_EQ(pushes[1].repository, "docker.io/library/nginx");
}

TEST(DistributionWebhook, an_alias_replaces_the_host) {
  const std::string settings = R"({"aliases":{"registry.internal:5000":"registry.example.com"}})";
  EXPECT_EQ(repository_of(one(R"("repository":"org/app","tag":"1")", R"(,"request":{"host":"registry.internal:5000"})"),
                          settings),
            "registry.example.com/org/app");
}

}  // namespace
}  // namespace headwind::registries
