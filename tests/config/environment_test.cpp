// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "config/config.hpp"
#include "config/keys.hpp"

namespace headwind::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Config with(const TextMap& environment) {
  Config config;
  const auto applied = apply_environment(config, environment);
  EXPECT_TRUE(applied) << applied.error().message;
  return config;
}

std::string refusal(const TextMap& environment) {
  Config config;
  const auto applied = apply_environment(config, environment);
  return applied ? "accepted" : applied.error().message;
}

const Plugin* instance(const std::vector<Plugin>& instances, std::string_view name) {
  for (const Plugin& plugin : instances) {
    if (plugin.name == name) return &plugin;
  }
  return nullptr;
}

TEST(Environment, the_names_of_0_1_are_understood) {
  const Config config = with({{"HEADWIND_NAMESPACE", "ops"},
                              {"HEADWIND_API_URL", "https://api.example.com"},
                              {"HEADWIND_UI_URL", "https://ui.example.com/"},
                              {"RUST_LOG", "headwind=debug,kube=info"}});
  EXPECT_EQ(config.name_space, "ops");
  EXPECT_EQ(config.api_url, "https://api.example.com");
  EXPECT_EQ(config.ui_url, "https://ui.example.com");
  EXPECT_EQ(config.log_level, "headwind=debug,kube=info");
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(Environment, every_key_of_the_file_has_a_variable_of_its_own) {
  std::set<std::string> names;
  for (const Key& key : keys()) {
    EXPECT_TRUE(names.insert(key.environment).second) << key.environment;
    EXPECT_FALSE(key.meaning.empty()) << key.path;
  }
  EXPECT_THAT(names, Contains("HEADWIND_PORTS_API_CERTIFICATE_FILE"));
  EXPECT_THAT(names, Contains("HEADWIND_REGISTRY_ALIASES"));
}

TEST(Environment, scalars_lists_and_maps_can_be_set) {
  const Config config = with({{"HEADWIND_PORTS_API_PORT", "18081"},
                              {"HEADWIND_AUTH_MODE", "token"},
                              {"HEADWIND_UPDATES_MIN_INTERVAL", "5m"},
                              {"HEADWIND_PLUGINS_DIRECTORIES", "/a:/b"},
                              {"HEADWIND_REGISTRIES", "{docker.io: {endpoint: 'http://127.0.0.1:5000'}}"},
                              {"HEADWIND_REGISTRY_ALIASES", "{a.internal: a.example.com}"}});
  EXPECT_EQ(config.api.port, 18081);
  EXPECT_EQ(config.auth, AuthMode::token);
  EXPECT_EQ(config.min_update_interval, std::chrono::minutes(5));
  EXPECT_THAT(config.plugin_directories, ElementsAre("/a", "/b"));
  ASSERT_EQ(config.registries.size(), 1U);
  EXPECT_EQ(config.registries[0].endpoint, "http://127.0.0.1:5000");
  EXPECT_EQ(config.registry_aliases.at("a.internal"), "a.example.com");
}

TEST(Environment, it_ranks_above_the_file_and_its_new_names_above_the_old) {
  auto config = parse("log: {level: warn}\nkubernetes: {namespace: from-file}\n", "c.yaml");
  ASSERT_TRUE(config);
  ASSERT_TRUE(apply_environment(*config, {{"RUST_LOG", "error"}, {"HEADWIND_LOG_LEVEL", "debug"}}));
  EXPECT_EQ(config->log_level, "debug");
  EXPECT_EQ(config->name_space, "from-file");
}

TEST(Environment, an_empty_variable_counts_as_unset) {
  const Config config = with({{"HEADWIND_UI_URL", ""}, {"SLACK_ENABLED", " "}, {"HEADWIND_PORTS_API_PORT", ""}});
  EXPECT_EQ(config.api.port, 8081);
  EXPECT_FALSE(config.slack.enabled);
}

TEST(Environment, all_mistakes_are_told_and_nothing_is_changed) {
  Config config;
  const auto applied = apply_environment(config, {{"HEADWIND_PORTS_API_PORT", "many"},
                                                  {"SLACK_ENABLED", "yes"},
                                                  {"HEADWIND_NAMESPACE", "ops"},
                                                  {"HEADWIND_REGISTRIES", "{docker.io: {endpont: x}}"}});
  ASSERT_FALSE(applied);
  const std::string& text = applied.error().message;
  EXPECT_THAT(text, HasSubstr("environment: HEADWIND_PORTS_API_PORT: must be a whole number"));
  EXPECT_THAT(text, HasSubstr("environment: SLACK_ENABLED: must be true or false"));
  EXPECT_THAT(text, HasSubstr("environment: HEADWIND_REGISTRIES:1:14: registries.docker.io.endpont: is not a key of "
                              "Headwind (did you mean 'endpoint'?)"));
  EXPECT_EQ(config.name_space, "headwind-system");
}

TEST(Environment, a_misspelt_variable_is_warned_of_but_the_links_of_Services_are_not) {
  const Config config = with({{"HEADWIND_LOG_LEVLE", "debug"},
                              {"HEADWIND_API_PORT", "tcp://10.0.0.1:8081"},
                              {"HEADWIND_API_SERVICE_HOST", "10.0.0.1"},
                              {"HEADWIND_WEBHOOK_PORT_80_TCP_ADDR", "10.0.0.1"},
                              {"PATH", "/bin"}});
  EXPECT_THAT(config.warnings, ElementsAre("the variable HEADWIND_LOG_LEVLE is unknown and has no effect (did you mean "
                                           "'HEADWIND_LOG_LEVEL'?)"));
}

TEST(Environment, what_has_no_effect_is_said) {
  EXPECT_TRUE(with({{"HEADWIND_POLLING_ENABLED", "true"}}).polling);
  EXPECT_EQ(with({{"HEADWIND_POLLING_INTERVAL", "60"}}).polling_interval, std::chrono::seconds(60));
  EXPECT_THAT(with({{"RUST_LOG", "[span]=loud"}}).warnings, ElementsAre(HasSubstr("RUST_LOG has no effect")));
  EXPECT_THAT(with({{"HEADWIND_POLLING_ENABLED", "false"}, {"HEADWIND_HELM_AUTO_DISCOVERY", "true"}}).warnings,
              IsEmpty());
}

TEST(Environment, T91_charts_are_looked_for_unless_somebody_says_no) {
  EXPECT_TRUE(with({}).chart_discovery);
  EXPECT_FALSE(with({{"HEADWIND_HELM_AUTO_DISCOVERY", "false"}}).chart_discovery);
}

TEST(Environment, the_off_switch_of_0_1_is_refused_rather_than_ignored) {
  EXPECT_THAT(refusal({{"HEADWIND_CONTROLLERS_ENABLED", "false"}}), HasSubstr("scale its Deployment to 0"));
}

TEST(Environment, T118_notifiers_switched_on_become_instances_with_the_URL_as_a_secret) {
  const Config config = with({{"SLACK_ENABLED", "true"},
                              {"SLACK_WEBHOOK_URL", "https://hooks.example.com/T0/secret"},
                              {"TEAMS_ENABLED", "true"},
                              {"TEAMS_WEBHOOK_URL", "https://teams.example.com/secret"},
                              {"WEBHOOK_ENABLED", "true"},
                              {"WEBHOOK_URL", "https://sink.example.com/secret"},
                              {"WEBHOOK_SECRET", "s3cret"},
                              {"WEBHOOK_TIMEOUT", "5"},
                              {"WEBHOOK_MAX_RETRIES", "0"}});
  const auto instances = plugin_instances(config);
  const Plugin* slack = instance(instances, "slack");
  ASSERT_NE(slack, nullptr);
  EXPECT_EQ(slack->plugin, "headwind.notifier.slack");
  EXPECT_EQ(slack->settings, R"({"icon_emoji":":robot_face:","username":"Headwind"})");
  EXPECT_EQ(slack->secrets.at("url").environment, "SLACK_WEBHOOK_URL");
  const Plugin* webhook = instance(instances, "webhook");
  ASSERT_NE(webhook, nullptr);
  EXPECT_EQ(webhook->plugin, "headwind.notifier.webhook");
  EXPECT_EQ(webhook->secrets.at("secret").environment, "WEBHOOK_SECRET");
  ASSERT_NE(instance(instances, "teams"), nullptr);
  for (const Plugin& plugin : instances) EXPECT_THAT(plugin.settings, Not(HasSubstr("secret\""))) << plugin.name;
  for (const Plugin& plugin : instances) EXPECT_THAT(plugin.settings, Not(HasSubstr("example.com"))) << plugin.name;
}

TEST(Environment, a_notifier_without_URL_is_warned_of_and_left_out) {
  const Config config = with({{"TEAMS_ENABLED", "true"}});
  EXPECT_THAT(config.warnings, ElementsAre(HasSubstr("TEAMS_WEBHOOK_URL is not set")));
  EXPECT_EQ(instance(plugin_instances(config), "teams"), nullptr);
  EXPECT_EQ(instance(plugin_instances(with({{"SLACK_WEBHOOK_URL", "https://x"}})), "slack"), nullptr);
}

TEST(Environment, a_bad_URL_of_a_hook_is_refused_without_being_repeated) {
  const std::string text = refusal({{"SLACK_WEBHOOK_URL", "hooks.example.com/T0/secret"}});
  EXPECT_THAT(text, HasSubstr("SLACK_WEBHOOK_URL: must be a URL"));
  EXPECT_THAT(text, Not(HasSubstr("T0")));
}

TEST(ConfigMap, T122_its_keys_take_effect_and_the_environment_ranks_higher) {
  Config config = with({{"SLACK_WEBHOOK_URL", "https://hooks.example.com/x"}, {"SLACK_USERNAME", "FromEnv"}});
  ASSERT_TRUE(apply_config_map(config, {{"slack.enabled", "true"},
                                        {"slack.username", "FromMap"},
                                        {"slack.iconEmoji", ":sailboat:"},
                                        {"polling.enabled", "false"},
                                        {"polling.interval", "300"},
                                        {"observability.prometheus.enabled", "true"}}));
  ASSERT_TRUE(apply_environment(config, {{"SLACK_USERNAME", "FromEnv"}}));
  const auto instances = plugin_instances(config);
  const Plugin* slack = instance(instances, "slack");
  ASSERT_NE(slack, nullptr);
  EXPECT_EQ(slack->settings, R"({"icon_emoji":":sailboat:","username":"FromEnv"})");
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(ConfigMap, a_wrong_value_is_refused_and_an_unknown_key_warned_of) {
  Config config;
  const auto applied = apply_config_map(config, {{"slack.enabled", "on"}, {"teams.enabled", "true"}});
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message, "ConfigMap: slack.enabled: must be true or false");
  EXPECT_FALSE(config.teams.enabled);
  ASSERT_TRUE(apply_config_map(config, {{"slak.enabled", "true"}}));
  EXPECT_THAT(config.warnings, ElementsAre(HasSubstr("'slak.enabled'")));
}

}  // namespace
}  // namespace headwind::config
