// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/private_registry.hpp"
#include "cli/serving.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> check(std::vector<std::string> more) {
  std::vector<std::string> words{"registry", "check"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

constexpr const char* account = "    username: ci\n    password: {environment: REGISTRY_PASSWORD}\n";

class RegistryCheck : public PrivateRegistry {};

TEST_F(RegistryCheck, tells_what_a_node_would_pull_with_the_configured_account) {
  const std::string digest = push("team/app", "latest");
  const auto done = headwind(check({image("team/app"), "--config", config(account)}), {}, {"REGISTRY_PASSWORD=s3cret"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.err, IsEmpty());
  for (const std::string& text :
       {"image       " + host + "/team/app:latest\n",
        "plugin      oci (headwind.registry.oci): no other plugin is configured or known for it\n" + std::string(),
        "endpoint    http://" + host + " (plain HTTP, as the configuration says)\n",
        "credential  the configured account ci, at the registry\n" + std::string(), "digest      " + digest + "\n",
        "kind        manifest (application/vnd.oci.image.manifest.v1+json)\n" + std::string(),
        "platforms   linux/amd64\n" + std::string(), "result      a node could pull it\n" + std::string()})
    EXPECT_THAT(done.out, HasSubstr(text));
  EXPECT_THAT(done.out, Not(HasSubstr("s3cret")));
}

TEST_F(RegistryCheck, JSON_has_the_documented_shape) {
  const std::string digest = push("team/app", "1.0");
  const auto done =
      headwind(check({image("team/app:1.0"), "--json", "--platform", "linux/amd64", "--config", config(account)}), {},
               {"REGISTRY_PASSWORD=s3cret"});
  ASSERT_EQ(done.code, 0) << done.err;
  const json answer = json::parse(done.out);
  EXPECT_EQ(answer["image"], json({{"repository", host + "/team/app"}, {"tag", "1.0"}, {"digest", nullptr}}));
  EXPECT_EQ(answer["plugin"]["instance"], "oci");
  EXPECT_EQ(answer["credential"]["source"], "configured");
  EXPECT_EQ(answer["credential"]["configured"], "ci");
  EXPECT_EQ(answer["credential"]["used"]["user"], "user ci");
  EXPECT_EQ(answer["answered"][0]["place"], "registry");
  EXPECT_EQ(answer["digest"], digest);
  EXPECT_EQ(answer["media_type"], "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ(answer["platforms"], json({"linux/amd64"}));
  EXPECT_EQ(answer["missing_platforms"], json::array());
  EXPECT_EQ(answer["pullable"], true);
  EXPECT_EQ(answer["problem"], nullptr);
  EXPECT_EQ(answer["requests"][0]["for"], "digest");
  EXPECT_EQ(answer["requests"][0]["status"], 401);  // nothing is sent before it is asked for
  EXPECT_TRUE(answer["requests"][0]["ms"].is_number());
}

TEST_F(RegistryCheck, a_wrong_password_is_no_pull_and_never_printed) {
  push("team/app", "latest");
  for (const bool as_json : {false, true}) {
    std::vector<std::string> words = check({image("team/app"), "--config", config(account)});
    if (as_json) words.emplace_back("--json");
    const auto done = headwind(words, {}, {"REGISTRY_PASSWORD=pl4nted"});
    EXPECT_EQ(done.code, 1);
    EXPECT_THAT(done.err, HasSubstr("401"));
    EXPECT_THAT(done.err, HasSubstr("tried: the configured account ci"));
    EXPECT_THAT(done.out, HasSubstr(as_json ? R"("pullable": false)" : "none was let in; tried: the configured"));
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
    EXPECT_THAT(done.out + done.err, Not(HasSubstr("pl4nted")));
  }
}

TEST_F(RegistryCheck, a_docker_config_gives_the_key_that_fits) {
  push("team/app", "latest");
  const std::string file =
      directory.write("docker.json", json({{"auths",
                                            {{host, {{"username", "ci"}, {"password", "s3cret"}}},
                                             {host + "/team", {{"username", "old"}, {"password", "pl4nted"}}},
                                             {"quay.io", {{"username", "x"}, {"password", "pl4nted"}}}}}})
                                         .dump());
  const auto done = headwind(check({image("team/app"), "--json", "--config", config(), "--docker-config", file}));
  ASSERT_EQ(done.code, 0) << done.err;
  const json answer = json::parse(done.out);
  ASSERT_EQ(answer["credential"]["candidates"].size(), 2U);
  EXPECT_EQ(answer["credential"]["candidates"][0]["user"], "user old");  // the more special key goes first
  EXPECT_EQ(answer["credential"]["used"]["user"], "user ci");
  EXPECT_EQ(answer["credential"]["used"]["key"], host);
  EXPECT_THAT(done.out + done.err, Not(HasSubstr("pl4nted")));
  EXPECT_THAT(done.out, Not(HasSubstr("s3cret")));
}

TEST_F(RegistryCheck, an_image_by_digest_needs_no_tag) {
  const std::string digest = push("team/app", "1.0");
  const std::vector<std::string> words = check({image("team/app@" + digest), "--json", "--config", config(account)});
  const auto done = headwind(words, {}, {"REGISTRY_PASSWORD=s3cret"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(json::parse(done.out)["digest"], digest);
  EXPECT_EQ(json::parse(done.out)["image"]["tag"], nullptr);
}

TEST_F(RegistryCheck, a_platform_that_is_missing_is_no_pull) {
  push("team/app", "latest", "linux", "arm64");
  const auto run = [&](const char* platform) {
    return headwind(check({image("team/app"), "--config", config(account), "--platform", platform}), {},
                    {"REGISTRY_PASSWORD=s3cret"});
  };
  EXPECT_EQ(run("linux/arm64").code, 0);
  EXPECT_EQ(run("linux/arm64/v8").code, 0);
  const auto other = run("linux/amd64");
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.out, HasSubstr("wanted      missing: linux/amd64\n"));
  EXPECT_THAT(other.err, HasSubstr("/team/app has no image for linux/amd64"));
  const std::string wanting = config(std::string(account) + "platforms: [linux/arm64, linux/amd64]\n");
  const auto configured = headwind(check({image("team/app"), "--config", wanting}), {}, {"REGISTRY_PASSWORD=s3cret"});
  EXPECT_EQ(configured.code, 1);
  EXPECT_THAT(configured.out, HasSubstr("wanted      missing: linux/amd64\n"));
}

TEST_F(RegistryCheck, a_tag_that_is_not_there_points_to_the_tags) {
  push("team/app", "latest");
  const auto done =
      headwind(check({image("team/app:9.9"), "--config", config(account)}), {}, {"REGISTRY_PASSWORD=s3cret"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("404"));
  EXPECT_THAT(done.err, HasSubstr("see headwind registry tags " + host + "/team/app"));
  EXPECT_THAT(done.out, HasSubstr("result      a node could not pull it\n"));
}

TEST_F(RegistryCheck, needs_no_plugin_but_its_own) {
  push("team/app", "latest");
  const TemporaryDirectory plugins;
  const char* oci = "headwind-registry-oci.so";
  std::filesystem::copy_file(build_directory() / "plugins" / oci, plugins.path() / oci);
  plugins.write("headwind-registry-zzz.so", "this is no shared object\n");
  const auto done = headwind(check({image("team/app"), "--config", config(account)}), {},
                             {"REGISTRY_PASSWORD=s3cret", "HEADWIND_PLUGINS_DIRECTORIES=" + plugins.path().string()});
  EXPECT_EQ(done.code, 0) << done.err;
  const TemporaryDirectory empty;
  const auto none = headwind(check({image("team/app"), "--config", config(account)}), {},
                             {"REGISTRY_PASSWORD=s3cret", "HEADWIND_PLUGINS_DIRECTORIES=" + empty.path().string()});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("headwind.registry.oci"));
}

TEST(RegistryCheckCommand, a_host_that_refuses_connections_is_told_with_the_reason) {
  const std::string host = "127.0.0.1:" + std::to_string(testbed::free_port());
  const auto done = headwind(check({host + "/team/app"}));
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("Connection refused"));
  EXPECT_THAT(done.out, HasSubstr("requests    none was answered\n"));
}

TEST(RegistryCheckCommand, a_proxy_of_the_environment_is_told_without_its_password) {
  const std::string proxy = "127.0.0.1:" + std::to_string(testbed::free_port());
  const auto done = headwind(check({"registry.example.com/team/app"}), {}, {"HTTPS_PROXY=http://me:pl4nted@" + proxy});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, HasSubstr("trust store, through the proxy http://" + proxy + ")\n"));
  EXPECT_THAT(done.err, HasSubstr("http://" + proxy));
  EXPECT_THAT(done.out + done.err, Not(HasSubstr("pl4nted")));
}

TEST(RegistryCheckCommand, what_is_no_image_or_platform_exits_with_2) {
  for (const std::vector<std::string>& words :
       {check({"Nope nope"}), check({"nginx", "--platform", "linux"}), check({"nginx", "--timeout", "0"}),
        check({"nginx", "--config", "/no/such/file"}), check({"nginx", "--docker-config", "x", "--namespace", "shop"}),
        check({"nginx", "--namespace", "Shop"}), check({"nginx", "--namespace", ""}),
        check({"nginx", "--pull-secret", "a/../b"}), check({"nginx", "--service-account", "a..b"})}) {
    const auto done = headwind(words);
    EXPECT_EQ(done.code, 2) << words.back();
    EXPECT_THAT(done.out, IsEmpty());
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
  }
}

TEST(RegistryCheckCommand, the_rate_limit_is_told) {
  const Serving registry([](const net::ServerRequest&) {
    net::ServerResponse response = json_answer("");
    response.headers = {{"Content-Type", "application/vnd.oci.image.index.v1+json"},
                        {"Docker-Content-Digest", "sha256:" + std::string(64, 'a')},
                        {"RateLimit-Limit", "100;w=21600"},
                        {"RateLimit-Remaining", "76;w=21600"}};
    response.status = 200;
    return response;
  });
  const TemporaryDirectory directory;
  const std::string config =
      directory.write("c.yaml", "registries:\n  " + registry.host() + ":\n    endpoint: " + registry.url() + "\n");
  const auto done = headwind(check({registry.host() + "/team/app", "--config", config}));
  EXPECT_THAT(done.out, HasSubstr("limit       76 of 100 requests left, per 6 h\n")) << done.err;
}

TEST(RegistryCheckCommand, one_that_asks_to_slow_down_is_quoted) {
  const Serving registry([](const net::ServerRequest&) {
    net::ServerResponse response = json_answer("{}", 429);
    response.headers.push_back({"Retry-After", "90"});
    return response;
  });
  const TemporaryDirectory directory;
  const std::string config =
      directory.write("c.yaml", "registries:\n  " + registry.host() + ":\n    endpoint: " + registry.url() + "\n");
  const auto done = headwind(check({registry.host() + "/team/app", "--config", config}));
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("ask again in 90 s"));
}

TEST(RegistryCheckCommand, one_that_hangs_is_given_up_and_Ctrl_C_ends_it_before) {
  const Serving registry([](const net::ServerRequest&) { return net::ServerResponse(); }, true);
  const TemporaryDirectory directory;
  const std::string config =
      directory.write("c.yaml", "registries:\n  " + registry.host() + ":\n    endpoint: " + registry.url() + "\n");
  const auto done = headwind(check({registry.host() + "/team/app", "--config", config, "--timeout", "1"}));
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("no answer within 1 s while asking " + registry.host() + " for the digest"));
  EXPECT_THAT(done.out, HasSubstr("result      nobody knows whether a node could pull it\n"));

  auto started = testbed::Process::start({{(build_directory() / "host/headwind").string(), "registry", "check",
                                           registry.host() + "/team/app", "--config", config, "--timeout", "600"},
                                          {},
                                          directory.path()});
  ASSERT_TRUE(started) << started.error().message;
  const auto wait_while = [](const std::function<bool()>& waiting) {
    for (int i = 0; i < 600 && waiting(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  wait_while([&] { return registry.requests < 2; });
  EXPECT_EQ(registry.requests, 2U);
  started->send(SIGINT);
  wait_while([&] { return started->running(); });
  EXPECT_FALSE(started->running());
}

}  // namespace
}  // namespace headwind::test
