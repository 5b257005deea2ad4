// SPDX-License-Identifier: Apache-2.0
#include "docker_registry.hpp"

#include <gmock/gmock.h>

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::string hosts(const std::string& name, const std::string& members) {
  return R"({"hosts":{")" + name + R"(":{)" + members + "}}}";
}
std::string endpoint_member(const std::string& url) { return R"("endpoint":")" + url + "\""; }

TEST_F(DockerRegistry, TagsAndDigestsOfAPublicRegistry) {
  serve(false);
  const std::string digest = push("org/app", "1.0.0");
  push("org/app", "1.1.0");
  const auto made = create("oci", "headwind.registry.oci", hosts(host_name, endpoint_member(endpoint)));
  ASSERT_TRUE(made) << made.error().message;
  const Registry oci = host->registries().front();

  const auto tags = run(oci.list_tags(host_name + "/org/app"));
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_THAT(tags->names, UnorderedElementsAre("1.0.0", "1.1.0"));
  const auto found = run(oci.resolve(host_name + "/org/app", "1.0.0"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, digest);
  const auto missing = run(oci.resolve(host_name + "/org/app", "9.9.9"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  const auto unknown = run(oci.list_tags(host_name + "/org/none"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::not_found);
  EXPECT_THAT(unknown.error().message, HasSubstr("NAME_UNKNOWN"));
}

TEST_F(DockerRegistry, PlatformsAreThoseOfTheConfiguration) {
  serve(true);
  const std::string image = push("org/app", "1.0.0", R"({"os":"linux","architecture":"arm64","variant":"v8"})");
  const std::string other = push("org/app", "chart");
  const std::string account = endpoint_member(endpoint) + R"(,"username":"ci","password_secret":"pw")";
  ASSERT_TRUE(create("oci", "headwind.registry.oci", hosts(host_name, account), {{"pw", "s3cret"}}));
  const Registry oci = host->registries().front();
  const auto found = run(oci.platforms(host_name + "/org/app", image));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(*found, testing::ElementsAre("linux/arm64"));
  const auto none = run(oci.platforms(host_name + "/org/app", other));
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->empty());
}

TEST_F(DockerRegistry, AMirrorIsAskedFirstAndARewriteFindsTheRepository) {
  serve(false);
  const std::string digest = push("hub/library/nginx", "1.27.0");
  const std::string nobody = "http://127.0.0.1:" + std::to_string(testbed::free_port());
  ASSERT_TRUE(create("oci", "headwind.registry.oci",
                     hosts("docker.io", R"("mirrors":[")" + nobody + R"("],)" + endpoint_member(endpoint + "/hub"))));
  const Registry oci = host->registries().front();
  const auto found = run(oci.resolve("docker.io/library/nginx", "1.27.0"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, digest);
  const auto tags = run(oci.list_tags("docker.io/library/nginx"));
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_THAT(tags->names, UnorderedElementsAre("1.27.0"));
}

TEST_F(DockerRegistry, T6_ItsOwnNotificationIsOnePushOfTheRightRepository) {
  serve(false);
  const std::string digest = push("org/app", "1.0.0");
  ASSERT_TRUE(create("oci", "headwind.registry.oci"));
  std::vector<Push> pushes;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (std::size_t read = 0; pushes.empty() && std::chrono::steady_clock::now() < end;) {
    if (read == received.size()) {
      run(sleep_for(std::chrono::milliseconds(20)));
      continue;
    }
    const auto parsed = run(host->registries().front().parse_webhook({}, received[read++].body));
    ASSERT_TRUE(parsed) << parsed.error().message;
    pushes.insert(pushes.end(), parsed->begin(), parsed->end());
  }
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].repository, host_name + "/org/app");
  EXPECT_EQ(pushes[0].tag, "1.0.0");
  EXPECT_EQ(pushes[0].digest, digest);
  EXPECT_FALSE(pushes[0].event_id.empty());
  EXPECT_GT(pushes[0].pushed_ms, 1'700'000'000'000);
}

TEST_F(DockerRegistry, AMirrorStandsInForDockerHub) {
  serve(false);
  const std::string digest = push("library/nginx", "1.27.0");
  const auto made = create("hub", "headwind.registry.dockerhub", hosts("docker.io", endpoint_member(endpoint)));
  ASSERT_TRUE(made) << made.error().message;
  const Registry hub = host->registries().front();
  for (const char* name : {"docker.io/library/nginx", "index.docker.io/nginx"}) {
    const auto found = run(hub.resolve(name, "1.27.0"));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(*found, digest);
  }
  EXPECT_EQ(run(hub.resolve("ghcr.io/a/b", "1")).error().code, Code::unsupported);
}

TEST_F(DockerRegistry, AccountsAreUsedWhereTheRegistryAsks) {
  serve(true);
  const std::string digest = push("org/app", "1.0.0");
  const std::string account = endpoint_member(endpoint) + R"(,"username":"ci","password_secret":"pw")";
  ASSERT_TRUE(create("anonymous", "headwind.registry.oci", hosts(host_name, endpoint_member(endpoint))));
  ASSERT_TRUE(create("good", "headwind.registry.oci", hosts(host_name, account), {{"pw", "s3cret"}}));
  ASSERT_TRUE(create("wrong", "headwind.registry.oci", hosts(host_name, account), {{"pw", "guess"}}));
  const auto resolve = [&](const std::string& name) {
    for (const Registry& registry : host->registries())
      if (registry.name() == name) return run(registry.resolve(host_name + "/org/app", "1.0.0"));
    return Result<std::string>(make_error(Code::not_found, "no instance " + name));
  };
  const auto good = resolve("good");
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(*good, digest);
  const auto anonymous = resolve("anonymous");
  ASSERT_FALSE(anonymous);
  EXPECT_EQ(anonymous.error().code, Code::denied);
  EXPECT_THAT(anonymous.error().message, HasSubstr("username"));
  const auto wrong = resolve("wrong");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::denied);
  EXPECT_THAT(wrong.error().message, testing::Not(HasSubstr("guess")));
}

TEST_F(DockerRegistry, AnUnreachableOneIsUnavailable) {
  host_name = "127.0.0.1:" + std::to_string(testbed::free_port());
  ASSERT_TRUE(create("oci", "headwind.registry.oci", hosts(host_name, endpoint_member("http://" + host_name))));
  const auto found = run(host->registries().front().resolve(host_name + "/org/app", "1.0.0"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::unavailable);
}

}  // namespace
}  // namespace headwind::plugin
