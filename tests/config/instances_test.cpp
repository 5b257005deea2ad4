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
                          "harbor=headwind.registry.harbor", "ecr=headwind.registry.ecr",
                          "deployment=headwind.workload.deployment", "statefulset=headwind.workload.statefulset",
                          "daemonset=headwind.workload.daemonset", "semver=headwind.policy.semver"));
}

TEST(Instances, an_entry_of_the_same_name_replaces_one_of_the_bundle) {
  const auto config = parse("plugins: {instances: [{name: semver, plugin: my.policy, settings: {a: 1}}]}", "c.yaml");
  ASSERT_TRUE(config);
  const auto plugins = plugin_instances(*config);
  ASSERT_EQ(plugins.size(), 8U);
  EXPECT_EQ(plugins.back().plugin, "my.policy");
  EXPECT_EQ(plugins.back().settings, R"({"a":1})");
}

TEST(Instances, registries_and_aliases_become_settings_of_every_registry_plugin) {
  const auto config = parse(
      "registries:\n  docker.io: {endpoint: 'http://127.0.0.1:5000'}\n"
      "  r.example.com: {username: ci, password: {environment: PW}}\n  tls.example.com: {insecure: true}\n"
      "registryAliases: {r.internal: r.example.com}\n",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  for (std::size_t i = 0; i < 4; ++i) {
    const Plugin plugin = default_plugins(*config)[i];
    EXPECT_EQ(plugin.settings,
              R"({"aliases":{"r.internal":"r.example.com"},"hosts":{"docker.io":{"endpoint":"http://127.0.0.1:5000"},)"
              R"("r.example.com":{"password_secret":"password:r.example.com","username":"ci"}}})");
    EXPECT_EQ(plugin.secrets.at("password:r.example.com").environment, "PW");
  }
}

TEST(Instances, an_own_registry_instance_gets_the_hosts_too_unless_it_names_its_own) {
  const auto config = parse(
      "registries: {r.example.com: {endpoint: 'https://r.internal/cache', mirrors: ['https://m.example.com/'],\n"
      "  tokenHosts: [login.example.com], plugin: harbor-two}}\n"
      "plugins: {instances: [{name: harbor-two, plugin: headwind.registry.harbor, settings: {x: 1}},\n"
      "  {name: oci, plugin: headwind.registry.oci, settings: {hosts: {}}}, {name: n, plugin: my.notifier}]}\n",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  std::map<std::string, std::string> settings;
  for (const Plugin& plugin : plugin_instances(*config)) settings[plugin.name] = plugin.settings;
  EXPECT_EQ(settings["harbor-two"],
            R"({"hosts":{"r.example.com":{"endpoint":"https://r.internal/cache","mirrors":["https://m.example.com"],)"
            R"("token_hosts":["login.example.com"]}},"x":1})");
  EXPECT_EQ(settings["oci"], R"({"hosts":{}})");
  EXPECT_EQ(settings["n"], "{}");
}

TEST(RegistryChoice, exact_hosts_beat_patterns_and_longer_patterns_shorter_ones) {
  const auto config = parse(
      "registries:\n  '*.example.com': {plugin: oci}\n  'h*.example.com': {plugin: harbor}\n"
      "  hub.example.com: {plugin: dockerhub}\n  'x.example.com:5000': {insecure: true}\n",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  const auto serves = [&](std::string_view host) { return registry_plugin_for(*config, host).instance; };
  EXPECT_EQ(serves("a.example.com"), "oci");
  EXPECT_EQ(serves("harbor.example.com"), "harbor");
  EXPECT_EQ(serves("hub.example.com"), "dockerhub");
  EXPECT_EQ(serves("a.b.example.com"), "oci") << "by default: a pattern's * is one label";
  EXPECT_THAT(registry_plugin_for(*config, "a.b.example.com").why, HasSubstr("no other plugin"));
  EXPECT_THAT(registry_plugin_for(*config, "harbor.example.com").why, HasSubstr("registries.h*.example.com.plugin"));
  EXPECT_EQ(registry_entry(*config, "x.example.com:5000")->insecure, true);
  EXPECT_EQ(registry_entry(*config, "x.example.com"), &config->registries[0]);
  EXPECT_EQ(registry_entry(*config, "elsewhere.org"), nullptr);
}

TEST(RegistryChoice, hub_and_amazon_are_known) {
  const auto serves = [](std::string_view host) { return registry_plugin_for({}, host).instance; };
  EXPECT_EQ(serves("docker.io"), "dockerhub");
  for (const char* host :
       {"012345678910.dkr.ecr.us-east-1.amazonaws.com", "012345678910.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
        "012345678910.dkr-ecr.eu-west-1.on.aws", "012345678910.dkr.ecr.cn-north-1.amazonaws.com.cn", "public.ecr.aws"})
    EXPECT_EQ(serves(host), "ecr") << host;
  for (const char* host : {"ghcr.io", "12345.dkr.ecr.us-east-1.amazonaws.com", "registry.example.com:5000"})
    EXPECT_EQ(serves(host), "oci") << host;
}

TEST(RegistryChoice, what_cannot_be_meant_is_refused) {
  const auto refusal = [](const char* yaml) {
    const auto config = parse(yaml, "c.yaml");
    return config ? std::string("accepted") : config.error().message;
  };
  EXPECT_THAT(refusal("registries: {'*.example.com': {endpoint: 'https://x'}}"),
              HasSubstr("cannot share one endpoint"));
  EXPECT_THAT(refusal("registries: {r.io: {mirrors: ['ftp://x']}}"),
              HasSubstr("registries.r.io.mirrors[0]: must be a URL"));
  EXPECT_THAT(refusal("registries: {r.io: {certificateFile: a}}"), HasSubstr("both certificateFile and keyFile"));
  EXPECT_THAT(refusal("registries: {r.io: {tokenHosts: ['a b']}}"), HasSubstr("must be a host"));
  EXPECT_THAT(refusal("registries: {r.io: {endpoint: 'https://x/a?b=c'}}"), HasSubstr("query"));
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
