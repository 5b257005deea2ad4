// SPDX-License-Identifier: Apache-2.0
// The registry's side, which moto does not have: Debian's docker-registry with the account whose password moto gives.
#include <gmock/gmock.h>

#include "plugins_registries/peer/docker_registry.hpp"
#include "testbed/moto.hpp"

namespace headwind::plugin {
namespace {

using testbed::Moto;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::size_t calls_of(const Moto& amazon) {
  const std::string log = amazon.log(), call = "POST / ";
  std::size_t calls = 0;
  for (auto at = log.find(call); at != std::string::npos; at = log.find(call, at + 1)) ++calls;
  return calls;
}

TEST_F(DockerRegistry, APullThroughCacheOfAmazonIsReadWithThePasswordOfItsApi) {
  auto amazon = Moto::start();
  ASSERT_TRUE(amazon) << amazon.error().message;
  serve(true);
  const std::string digest = push("docker-hub/library/nginx", "1.27.0");
  // htpasswd -nbB -C 4 AWS 123456789012-auth-token: the registry reads the file anew.
  std::ofstream(directory / "htpasswd") << "AWS:$2b$04$abcdefghijklmnopqrstuu/cMn6kFoLFEf9ShbIPSVtJoiKQtizZG\n";

  const std::string settings = R"({"api_endpoint":")" + (*amazon)->url() + R"(","access_key_id":")" +
                               (*amazon)->keys().id + R"(","secret_access_key_secret":"key",
    "pull_through":["docker-hub/"],"hosts":{")" +
                               Moto::registry_host() + R"(":{"endpoint":")" + endpoint + "\"}}}";
  const auto made = create("ecr", "headwind.registry.ecr", settings, {{"key", (*amazon)->keys().secret}});
  ASSERT_TRUE(made) << made.error().message;
  const Registry ecr = host->registries().front();
  const std::string repository = Moto::registry_host() + "/docker-hub/library/nginx";

  const auto found = run(ecr.resolve(repository, "1.27.0"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, digest);
  const auto tags = run(ecr.list_tags(repository));
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_THAT(tags->names, UnorderedElementsAre("1.27.0"));
  // moto's passwords have expired when they come, and one is enough all the same.
  const auto before = calls_of(**amazon);
  ASSERT_TRUE(run(ecr.resolve(repository, "1.27.0")));
  EXPECT_EQ(calls_of(**amazon), before + 1);  // DescribeImages alone

  const auto other = run(ecr.resolve(Moto::registry_host() + "/team/none", "1"));
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("RepositoryNotFoundException"));
}

}  // namespace
}  // namespace headwind::plugin
