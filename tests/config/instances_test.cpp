// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/config.hpp"

namespace headwind::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> names(const std::vector<Plugin>& plugins) {
  std::vector<std::string> result;
  for (const auto& plugin : plugins) result.push_back(plugin.name + "=" + plugin.plugin);
  return result;
}

TEST(Instances, the_default_bundle_is_implied) {
  EXPECT_THAT(names(plugin_instances({})),
              ElementsAre("oci=headwind.registry.oci", "dockerhub=headwind.registry.dockerhub",
                          "deployment=headwind.workload.deployment", "statefulset=headwind.workload.statefulset",
                          "daemonset=headwind.workload.daemonset", "semver=headwind.policy.semver"));
}

TEST(Instances, an_entry_of_the_same_name_replaces_one_of_the_bundle) {
  const auto config = parse("plugins: {instances: [{name: semver, plugin: my.policy, settings: {a: 1}}]}", "c.yaml");
  ASSERT_TRUE(config);
  const auto plugins = plugin_instances(*config);
  ASSERT_EQ(plugins.size(), 6U);
  EXPECT_EQ(plugins.back().plugin, "my.policy");
  EXPECT_EQ(plugins.back().settings, R"({"a":1})");
}

TEST(Instances, registries_and_aliases_become_settings_of_both_registry_plugins) {
  const auto config = parse(
      "registries:\n  docker.io: {endpoint: 'http://127.0.0.1:5000'}\n"
      "  r.example.com: {username: ci, password: {environment: PW}}\n  tls.example.com: {insecure: true}\n"
      "registryAliases: {r.internal: r.example.com}\n",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  for (std::size_t i = 0; i < 2; ++i) {
    const Plugin plugin = default_plugins(*config)[i];
    EXPECT_EQ(plugin.settings,
              R"({"aliases":{"r.internal":"r.example.com"},"hosts":{"docker.io":{"endpoint":"http://127.0.0.1:5000"},)"
              R"("r.example.com":{"password_secret":"password:r.example.com","username":"ci"}}})");
    EXPECT_EQ(plugin.secrets.at("password:r.example.com").environment, "PW");
  }
}

TEST(Secrets, come_from_a_variable_or_a_file_without_the_newline_at_the_end) {
  EXPECT_EQ(*read_secret({.file = "", .environment = "TOKEN"}, {{"TOKEN", "abc\n"}}), "abc");
  std::string file = (std::filesystem::temp_directory_path() / "headwind-secret-XXXXXX").string();
  const int descriptor = mkstemp(file.data());
  ASSERT_GE(descriptor, 0);
  close(descriptor);
  std::ofstream(file) << " spaced \r\n";
  EXPECT_EQ(*read_secret({.file = file, .environment = ""}, {}), " spaced ");
  std::ofstream(file, std::ios::trunc) << std::string(100'000, 'x');
  const auto refused = read_secret({.file = file, .environment = ""}, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("longer than 64 KiB"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("xxx")));
  std::filesystem::remove(file);
}

TEST(Secrets, what_is_missing_is_named) {
  EXPECT_THAT(read_secret({.file = "", .environment = "TOKEN"}, {}).error().message, HasSubstr("variable TOKEN"));
  EXPECT_THAT(read_secret({.file = "/no/such", .environment = ""}, {}).error().message, HasSubstr("/no/such"));
  EXPECT_FALSE(read_secret({}, {}));
}

}  // namespace
}  // namespace headwind::config
