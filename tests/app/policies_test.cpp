// SPDX-License-Identifier: Apache-2.0
// What the engine knows of tags, from the registry's answer to the policy's question, over real plugins.
#include "app/policies.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "api_objects.hpp"
#include "app/registries.hpp"

namespace headwind::app {
namespace {

class PoliciesTest : public test::ApiObjects {
 protected:
  void SetUp() override {
    ApiObjects::SetUp();
    plugin::HostOptions options;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "tests/plugin/good"};
    host = std::make_unique<plugin::Host>(executor(), http, metrics, options);
    host->load();
    for (const auto& [name, id] : {std::pair("oci", "test.registry.good"), std::pair("seen", "test.policy.seen")}) {
      const auto made = run(host->create({name, id, "{}", {}, {}}));
      ASSERT_TRUE(made) << made.error().message;
    }
    secrets = std::make_unique<PullSecrets>(client, clock);
    registries = std::make_unique<PluginRegistries>(
        host->registries(), [](std::string_view name) { return config::registry_plugin_for({}, name); }, *secrets,
        metrics, clock);
    policies = std::make_unique<PluginPolicies>(host->policies());
  }
  void TearDown() override {
    run(host->shut_down(std::chrono::milliseconds(100)));
    ApiObjects::TearDown();
  }

  update::PolicyQuery query;
  const Clock& clock = system_clock();
  std::unique_ptr<plugin::Host> host;
  std::unique_ptr<PullSecrets> secrets;
  std::unique_ptr<PluginRegistries> registries;
  std::unique_ptr<PluginPolicies> policies;
};

TEST_F(PoliciesTest, DigestsAndTimesOfTheRegistryReachThePolicy) {
  const auto tags = run(registries->tags("dated.com/dated/nginx", Symbol()));
  ASSERT_TRUE(tags) << tags.error().message;
  query.policy = "plugin/seen";
  query.tag = "1.0.0";
  const std::string digest = "sha256:" + std::string(64, 'a');
  update::Candidates candidates;
  candidates.share(std::make_shared<const std::vector<update::Candidate>>(*tags));
  const auto choice = run(policies->choose(query, candidates));
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->why, "trace ; runs 1.0.0 built 1000; 1.0.0 digest " + digest +
                             " built 1000 pushed 2000; 1.1.0 digest  built 0 pushed 3000");

  // What runs is mostly skipped as a candidate. It was built all the same.
  candidates.skip(0);
  const auto other = run(policies->choose(query, candidates));
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ(other->why, "trace ; runs 1.0.0 built 1000; 1.1.0 digest  built -1 pushed 3000");
}

TEST_F(PoliciesTest, TheTraceOfThePushReachesThePolicy) {
  query.policy = "plugin/seen";
  query.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto traced = run(policies->choose(query, update::Candidates()));
  ASSERT_TRUE(traced) << traced.error().message;
  EXPECT_EQ(traced->why, "trace 4bf92f3577b34da6a3ce929d0e0e4736; runs  built 0");
  query.trace = "00-nonsense";
  EXPECT_EQ(run(policies->choose(query, update::Candidates()))->why, "trace ; runs  built 0");
}

}  // namespace
}  // namespace headwind::app
