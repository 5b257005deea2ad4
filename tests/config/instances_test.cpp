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
                          "harbor=headwind.registry.harbor", "ecr=headwind.registry.ecr", "helm=headwind.registry.helm",
                          "deployment=headwind.workload.deployment", "statefulset=headwind.workload.statefulset",
                          "daemonset=headwind.workload.daemonset", "cronjob=headwind.workload.cronjob",
                          "helmrelease=headwind.workload.helmrelease", "semver=headwind.policy.semver"));
}

TEST(Instances, the_bundle_is_known_by_its_names) {
  for (const Plugin& plugin : default_plugins({})) EXPECT_TRUE(is_bundled_instance(plugin.name)) << plugin.name;
  for (const char* own : {"", "mine", "slack", "headwind.registry.oci", "OCI"}) EXPECT_FALSE(is_bundled_instance(own));
}

TEST(Instances, an_entry_of_the_same_name_replaces_one_of_the_bundle) {
  const auto config = parse("plugins: {instances: [{name: semver, plugin: my.policy, settings: {a: 1}}]}", "c.yaml");
  ASSERT_TRUE(config);
  const auto plugins = plugin_instances(*config);
  ASSERT_EQ(plugins.size(), 11U);
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
  EXPECT_EQ(serves("docker.io/library/nginx"), "dockerhub");
  EXPECT_EQ(serves("https://charts.example.com/stable/podinfo"), "helm");
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

TEST(RegistryIdentity, is_handed_on_to_the_plugins) {
  const auto config =
      parse("registries: {'*-docker.pkg.dev': {identity: gcp}, team.azurecr.io: {identity: azure}}\n", "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(default_plugins(*config)[0].settings,
            R"({"hosts":{"*-docker.pkg.dev":{"identity":"gcp"},"team.azurecr.io":{"identity":"azure"}}})");
}

TEST(RegistryIdentity, is_for_the_clouds_own_hosts_and_beside_nothing_that_leads_elsewhere) {
  const auto refusal = [](const std::string& entry) {
    const auto config = parse("registries: {" + entry + "}\n", "c.yaml");
    return config ? std::string("accepted") : config.error().message;
  };
  EXPECT_EQ(refusal("gcr.io: {identity: gcp, endpoint: 'https://eu.gcr.io/a', mirrors: ['https://m.test']}"),
            "accepted");
  EXPECT_THAT(refusal("gcr.io: {identity: aws}"), HasSubstr("registries.gcr.io.identity: must be gcp or azure"));
  for (const char* host : {"r.io", "'*.io'", "evilgcr.io", "'gcr.io:444'", "team.azurecr.io", "gcr.io.evil.test"})
    EXPECT_THAT(refusal(std::string(host) + ": {identity: gcp}"), HasSubstr("for the hosts gcr.io, *.gcr.io")) << host;
  EXPECT_THAT(refusal("team.azurecr.de: {identity: azure}"), HasSubstr("for the hosts *.azurecr.io, .cn and .us"));
  for (const char* place : {"https://evil.test", "http://gcr.io", "https://gcr.io:444", "https://gcr.io.evil.test/a"})
    EXPECT_THAT(refusal("gcr.io: {identity: gcp, endpoint: '" + std::string(place) + "'}"),
                HasSubstr("an endpoint elsewhere"))
        << place;
  EXPECT_THAT(refusal("gcr.io: {identity: gcp, username: u, password: {env: P}}"),
              HasSubstr("both username and identity"));
  EXPECT_THAT(refusal("gcr.io: {identity: gcp, insecure: true}"), HasSubstr("remove insecure"));
}

// Of a file and the environment: the plugin of a registry is checked once both are read.
class RegistryPlugin : public testing::Test {
 protected:
  void SetUp() override {
    const int descriptor = mkstemp(file.data());
    ASSERT_GE(descriptor, 0);
    close(descriptor);
  }
  void TearDown() override { std::filesystem::remove(file); }

  std::string loaded(const char* yaml, const TextMap& environment = {}) const {
    std::ofstream(file, std::ios::trunc) << yaml;
    const auto config = load(file, environment);
    return config ? "accepted" : config.error().message;
  }

  std::string file = (std::filesystem::temp_directory_path() / "headwind-config-XXXXXX").string();
};

TEST_F(RegistryPlugin, that_does_not_exist_is_refused_with_its_place_and_those_there_are) {
  EXPECT_EQ(
      loaded("registries:\n  r.io:\n    plugin: habor\n"
             "plugins: {instances: [{name: mine, plugin: my.registry}, {name: s, plugin: headwind.notifier.slack}]}"),
      file +
          ":3:13: registries.r.io.plugin: 'habor' is no registry instance (did you mean 'harbor'?): there are "
          "oci, dockerhub, harbor, ecr, helm, mine; plugins.instances adds others");
  EXPECT_THAT(loaded("registries: {r.io: {plugin: semver}}"), HasSubstr("'semver' is no registry instance: there"));
  EXPECT_EQ(loaded("registries: {r.io: {plugin: mine}}\nplugins: {instances: [{name: mine, plugin: my.registry}]}"),
            "accepted");
}

TEST_F(RegistryPlugin, that_does_not_exist_is_told_together_with_other_mistakes) {
  const std::string text = loaded("registries: {r.io: {plugin: habor}}\nlog: {format: xml}");
  EXPECT_THAT(text, HasSubstr(":1:29: registries.r.io.plugin: 'habor'"));
  EXPECT_THAT(text, HasSubstr("log.format: 'xml'"));
}

TEST_F(RegistryPlugin, may_come_from_the_environment_and_be_wrong_there) {
  const char* const uses_mine = "registries: {r.io: {plugin: mine}}";
  const TextMap makes_mine{{"HEADWIND_PLUGINS_INSTANCES", "[{name: mine, plugin: my.registry}]"}};
  EXPECT_THAT(loaded(uses_mine), HasSubstr("'mine' is no registry instance"));
  EXPECT_EQ(loaded(uses_mine, makes_mine), "accepted");
  EXPECT_THAT(loaded("", {{"HEADWIND_REGISTRIES", uses_mine + sizeof("registries:")}}),
              HasSubstr("environment: HEADWIND_REGISTRIES:1:17: registries.r.io.plugin: 'mine' is no"));
}

TEST(NamedFiles, are_all_that_must_be_there_with_the_fields_that_name_them) {
  const auto config = parse(
      "ports: {api: {certificateFile: /1, keyFile: /2}}\n"
      "webhooks: {registry: {secret: {file: /3}, previousSecret: {file: /4}}, dockerhub: {secret: {environment: X}}}\n"
      "registries: {'r.io:5000': {caFile: /5, username: u, password: {file: /6}}}\n"
      "plugins: {instances: [{name: n, plugin: my.notifier, secrets: {url: {file: /7}}}]}\n",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  std::vector<std::string> told;
  for (const NamedFile& named : named_files(*config)) told.push_back(named.field + " " + named.file);
  EXPECT_THAT(told, ElementsAre("ports.api.certificateFile /1", "ports.api.keyFile /2", "webhooks.registry.secret /3",
                                "webhooks.registry.previousSecret /4", "registries.r.io:5000.caFile /5",
                                "registries.r.io:5000.password /6", "plugins.instances[0].secrets.url /7"));
}

TEST(Secrets, come_from_a_variable_or_a_file_without_the_newline_at_the_end) {
  EXPECT_EQ(*read_secret({.file = "", .environment = "TOKEN", .field = ""}, {{"TOKEN", "abc\n"}}), "abc");
  std::string file = (std::filesystem::temp_directory_path() / "headwind-secret-XXXXXX").string();
  const int descriptor = mkstemp(file.data());
  ASSERT_GE(descriptor, 0);
  close(descriptor);
  std::ofstream(file) << " spaced \r\n";
  EXPECT_EQ(*read_secret({.file = file, .environment = "", .field = ""}, {}), " spaced ");
  std::ofstream(file, std::ios::trunc) << std::string(100'000, 'x');
  const auto refused = read_secret({.file = file, .environment = "", .field = ""}, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("longer than 64 KiB"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("xxx")));
  std::filesystem::remove(file);
}

TEST(Secrets, what_is_missing_is_named) {
  EXPECT_EQ(read_secret({.file = "", .environment = "TOKEN", .field = ""}, {}).error().message,
            "the variable TOKEN that holds the secret is not set: set it, from a Secret");
  EXPECT_EQ(read_secret({.file = "/no/such", .environment = "", .field = "a.b"}, {}).error().message,
            "a.b: the secret file /no/such cannot be opened: mount it, or check path and mode");
  EXPECT_FALSE(read_secret({}, {}));
}

}  // namespace
}  // namespace headwind::config
