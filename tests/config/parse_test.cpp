// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"

namespace headwind::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view everything = R"(
kubernetes: {kubeconfig: /etc/kube/config, context: prod, namespace: ops}
ports:
  webhooks: {address: 127.0.0.1, port: 18080}
  api:
    port: 18081
    certificateFile: /tls/tls.crt
    keyFile: /tls/tls.key
  metrics: {address: "::", port: 19090}
auth: {mode: none}
webhooks:
  registry: {style: hmac, header: X-Signature, secret: {file: /secrets/hook}}
  dockerhub: {secret: {environment: HUB_TOKEN}}
registries:
  docker.io: {endpoint: "https://mirror.example.com/"}
  registry.example.com:5000:
    caFile: /ca.pem
    insecure: true
    username: ci
    password: {environment: REGISTRY_PASSWORD}
registryAliases:
  registry.internal:5000: registry.example.com:5000
plugins:
  directories: [/opt/plugins, /usr/lib/headwind]
  instances:
    - name: slack-ops
      plugin: headwind.notifier.slack
      settings: {username: Ops, retries: 3, quoted: "3", on: true, list: [1.5, null]}
      secrets: {url: {file: /secrets/slack}}
      deadlines: {send: 1m30s}
updates: {minInterval: 10m, requestLifetime: 48h}
links: {api: "https://headwind.example.com/", ui: ""}
log: {level: "headwind=debug,kube=info", format: text}
)";

std::string refusal(std::string_view yaml) {
  const auto config = parse(yaml, "c.yaml");
  return config ? "accepted" : config.error().message;
}

TEST(ConfigFile, an_empty_file_means_the_defaults) {
  const auto config = parse("", "c.yaml");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->name_space, "headwind-system");
  EXPECT_EQ(config->webhooks.port, 8080);
  EXPECT_EQ(config->api.port, 8081);
  EXPECT_EQ(config->metrics.port, 9090);
  EXPECT_EQ(config->auth, AuthMode::automatic);
  EXPECT_EQ(config->min_update_interval, std::chrono::seconds(300));
  EXPECT_EQ(config->request_lifetime, std::chrono::hours(24));
  EXPECT_EQ(config->api_url, "http://localhost:8081");
  EXPECT_EQ(config->log_format, "json");
}

TEST(ConfigFile, every_key_reaches_its_field) {
  const auto config = parse(everything, "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->kubeconfig, "/etc/kube/config");
  EXPECT_EQ(config->context, "prod");
  EXPECT_EQ(config->name_space, "ops");
  EXPECT_EQ(config->webhooks.address, "127.0.0.1");
  EXPECT_EQ(config->webhooks.port, 18080);
  EXPECT_EQ(config->api.address, "0.0.0.0");
  EXPECT_EQ(config->api.certificate_file, "/tls/tls.crt");
  EXPECT_EQ(config->api.key_file, "/tls/tls.key");
  EXPECT_EQ(config->metrics.address, "::");
  EXPECT_EQ(config->auth, AuthMode::none);
  EXPECT_EQ(config->min_update_interval, std::chrono::minutes(10));
  EXPECT_EQ(config->request_lifetime, std::chrono::hours(48));
  EXPECT_EQ(config->api_url, "https://headwind.example.com");
  EXPECT_EQ(config->ui_url, "");
  EXPECT_EQ(config->log_level, "headwind=debug,kube=info");
  EXPECT_EQ(config->log_format, "text");
  EXPECT_THAT(config->plugin_directories, ElementsAre("/opt/plugins", "/usr/lib/headwind"));
  EXPECT_EQ(config->registry_aliases.at("registry.internal:5000"), "registry.example.com:5000");
}

TEST(ConfigFile, what_is_polled_swept_and_needed) {
  const Result<Config> config = parse(R"(
polling: {enabled: true, interval: 1m, shrinkShare: 30%}
sweep: {mode: apply, interval: 2h}
helm: {sourceNamespaces: [flux-system]}
platforms: [linux/amd64, linux/arm/v7]
)",
                                      "file");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->polling_shrink_percent, 30U);
  EXPECT_EQ(config->sweep, SweepMode::apply);
  EXPECT_THAT(config->chart_source_namespaces, ElementsAre("flux-system"));
  EXPECT_EQ(config->sweep_interval, std::chrono::hours(2));
  EXPECT_THAT(config->platforms, ElementsAre("linux/amd64", "linux/arm/v7"));
  EXPECT_EQ(parse("", "file")->sweep, SweepMode::off);
}

TEST(ConfigFile, mistakes_in_what_is_polled_swept_and_needed_are_told) {
  const Result<Config> config = parse(R"(
polling: {shrinkShare: 0.5}
sweep: {mode: always}
helm: {sourceNamespaces: [Flux/System]}
platforms: [amd64]
)",
                                      "file");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("polling.shrinkShare: must be a share in percent"));
  EXPECT_THAT(config.error().message, HasSubstr("sweep.mode: 'always' is unknown"));
  EXPECT_THAT(config.error().message, HasSubstr("must be the name of a namespace, such as flux-system"));
  EXPECT_THAT(config.error().message, HasSubstr("must be a platform, such as linux/amd64"));
}

TEST(ConfigFile, webhook_secrets_are_references_and_docker_hub_has_its_in_the_path) {
  const auto config = parse(everything, "c.yaml");
  ASSERT_TRUE(config);
  const auto& registry = config->webhook_secrets.at("registry");
  EXPECT_EQ(registry.style, Config::WebhookSecret::Style::hmac);
  EXPECT_EQ(registry.header, "X-Signature");
  EXPECT_EQ(registry.secret.file, "/secrets/hook");
  const auto& hub = config->webhook_secrets.at("dockerhub");
  EXPECT_EQ(hub.style, Config::WebhookSecret::Style::path);
  EXPECT_EQ(hub.secret.environment, "HUB_TOKEN");
}

TEST(ConfigFile, registries_keep_their_order_and_lose_a_slash_at_the_end) {
  const auto config = parse(everything, "c.yaml");
  ASSERT_TRUE(config);
  ASSERT_EQ(config->registries.size(), 2U);
  EXPECT_EQ(config->registries[0].host, "docker.io");
  EXPECT_EQ(config->registries[0].endpoint, "https://mirror.example.com");
  EXPECT_EQ(config->registries[1].host, "registry.example.com:5000");
  EXPECT_TRUE(config->registries[1].insecure);
  EXPECT_EQ(config->registries[1].ca_file, "/ca.pem");
  EXPECT_EQ(config->registries[1].password.environment, "REGISTRY_PASSWORD");
}

TEST(ConfigFile, an_instance_carries_its_settings_as_typed_JSON) {
  const auto config = parse(everything, "c.yaml");
  ASSERT_TRUE(config);
  ASSERT_EQ(config->plugins.size(), 1U);
  const Plugin& slack = config->plugins.front();
  EXPECT_EQ(slack.plugin, "headwind.notifier.slack");
  EXPECT_EQ(slack.settings, R"({"list":[1.5,null],"on":true,"quoted":"3","retries":3,"username":"Ops"})");
  EXPECT_EQ(slack.secrets.at("url").file, "/secrets/slack");
  EXPECT_EQ(slack.deadlines.at("send"), std::chrono::seconds(90));
}

TEST(ConfigFile, an_unknown_key_is_refused_with_its_place_and_the_nearest_name) {
  EXPECT_EQ(refusal("ports:\n  webhook: {port: 1}\n"),
            "c.yaml:2:3: ports.webhook: is not a key of Headwind (did you mean 'webhooks'?)");
  EXPECT_EQ(refusal("log: {levle: info}\n"), "c.yaml:1:7: log.levle: is not a key of Headwind (did you mean 'level'?)");
  EXPECT_EQ(refusal("zzzzzzzzzzzz: 1\n"), "c.yaml:1:1: zzzzzzzzzzzz: is not a key of Headwind");
  EXPECT_THAT(refusal("log.level: info\n"), HasSubstr("is not a key"));
  EXPECT_THAT(refusal("plugins: {instances: [{name: a, plugin: b, setings: {}}]}\n"),
              HasSubstr("plugins.instances[0].setings: is not a key of Headwind (did you mean 'settings'?)"));
}

TEST(ConfigFile, all_mistakes_are_told_at_once) {
  const std::string text = refusal(
      "ports: {api: {port: 99999, address: here}}\nauth: {mode: open}\nlog: {format: xml}\n"
      "updates: {minInterval: soon}\nkubernetes: {namespace: Not_A_Name, watchNamespace: 'a,b'}\n");
  EXPECT_THAT(text, HasSubstr("c.yaml:1:21: ports.api.port: must be a whole number from 0 to 65535"));
  EXPECT_THAT(text, HasSubstr("ports.api.address: must be an IP address"));
  EXPECT_THAT(text, HasSubstr("c.yaml:2:14: auth.mode: 'open' is unknown: use auto, token or none"));
  EXPECT_THAT(text, HasSubstr("c.yaml:3:15: log.format: 'xml' is unknown: use json or text"));
  EXPECT_THAT(
      text,
      HasSubstr("c.yaml:4:24: updates.minInterval: 'soon' is no duration: write whole numbers with units such as 300s, "
                "5m, 1h30m or 7d (a number alone is seconds)"));
  EXPECT_THAT(text, HasSubstr("kubernetes.namespace: must be the name of a namespace"));
  EXPECT_THAT(text, HasSubstr("kubernetes.watchNamespace: must be the name of one namespace"));
}

TEST(ConfigFile, a_secret_written_in_place_of_a_reference_is_refused_and_not_repeated) {
  const std::string text = refusal("registries: {docker.io: {username: me, password: hunter2}}\n");
  EXPECT_THAT(text, HasSubstr("must be a reference to a secret"));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("needs both"))) << "it was given, and told of";
}

TEST(ConfigFile, what_does_not_fit_together_is_refused) {
  EXPECT_THAT(refusal("ports: {api: {certificateFile: /x}}"),
              HasSubstr("c.yaml:1:14: ports.api: needs both certificateFile and keyFile"));
  EXPECT_THAT(refusal("ports: {api: {port: 8080}}"), HasSubstr("has the same address and port as ports.webhooks"));
  EXPECT_THAT(refusal("ports: {webhooks: {address: 0.0.0.0}, api: {address: 127.0.0.1, port: 8080}}"),
              HasSubstr("ports.api: has the same port, on an address that both listen on, as ports.webhooks"));
  EXPECT_THAT(refusal("registries: {docker.io: {username: me}}"), HasSubstr("needs both username and password"));
  EXPECT_THAT(refusal("webhooks: {registry: {style: header}}"), HasSubstr("webhooks.registry: needs a secret"));
  EXPECT_THAT(refusal("plugins: {instances: [{name: a, plugin: b.c}, {name: a, plugin: b.d}]}"),
              HasSubstr("plugins.instances[1]: the name 'a' is already taken"));
  EXPECT_THAT(refusal("registries: {docker.io: {endpoint: 'https://me:pw@mirror'}}"),
              HasSubstr("must not hold a user"));
  EXPECT_THAT(refusal("registries: {docker.io: {endpoint: 'ftp://mirror'}}"), HasSubstr("http:// or https://"));
  EXPECT_THAT(refusal("registries: {'a b': {}}"), HasSubstr("must be a registry host"));
  EXPECT_THAT(refusal("webhooks: {registry: {secret: {file: a, environment: b}}}"),
              HasSubstr("needs either file or environment, not both"));
  EXPECT_THAT(refusal("registries: {docker.io: {username: '', password: {file: a}}}"),
              HasSubstr("needs both username and password"));
}

TEST(ConfigFile, a_manifest_of_Kubernetes_is_one_mistake) {
  EXPECT_EQ(refusal("apiVersion: v1\nkind: ConfigMap\ndata: {headwind.yaml: 'log: {}'}\n---\nkind: Secret\n"),
            "c.yaml:1:1: this is a Kubernetes manifest: give the text under its data, as a file of its own");
  EXPECT_THAT(refusal("kind: x\n"), HasSubstr("kind: is not a key of Headwind"));
}

TEST(ConfigFile, a_value_of_the_wrong_shape_is_refused) {
  EXPECT_THAT(refusal("ports: [1]"), HasSubstr("c.yaml:1:8: ports: must be a map"));
  EXPECT_THAT(refusal("just text"), HasSubstr("must be a map"));
  EXPECT_THAT(refusal("log: {level: [info]}"), HasSubstr("must be one value, not a list"));
  EXPECT_THAT(refusal("log:\n  level:\n"), HasSubstr("log.level: has no value"));
  EXPECT_THAT(refusal("plugins: {directories: /opt}"), HasSubstr("must be a list"));
  EXPECT_THAT(refusal("a: 1\n---\nb: 2\n"), HasSubstr("a second document is one too many"));
}

TEST(ConfigFile, a_section_without_content_is_no_mistake) {
  EXPECT_EQ(refusal("ports:\nlog:\nregistries:\nwebhooks:\nplugins:\n"), "accepted");
}

TEST(ConfigFile, a_missing_file_is_named) {
  const auto config = load("/nonexistent/headwind.yaml", {});
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("/nonexistent/headwind.yaml cannot be read"));
  EXPECT_FALSE(load("/", {}));
}

}  // namespace
}  // namespace headwind::config
