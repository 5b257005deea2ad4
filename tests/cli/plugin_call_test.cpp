// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "cli/serving.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* deployment =
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\n"
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop, generation: 1}\n"
    "spec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
    "    spec: {containers: [{name: web, image: 'nginx:1.25.0'}, {name: side, image: 'envoy:v1.2'}]}\n"
    "status: {observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2}\n";

class Hook {
 public:
  std::vector<json> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  std::atomic<unsigned> status = 200;
  std::string url() const { return serving_.url() + "/hooks/hunter2hunter2"; }

 private:
  mutable std::mutex mutex_;
  std::vector<json> bodies_;
  Serving serving_{[this](const net::ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    bodies_.push_back(json::parse(request.body, nullptr, false));
    return json_answer("ok", status);
  }};
};

Finished send(const Hook& hook, std::vector<std::string> more) {
  std::vector<std::string> words{"plugin", "call", "headwind.notifier.slack", "--secret", "url=env:HOOK_URL", "send"};
  words.insert(words.end(), more.begin(), more.end());
  return headwind(words, {}, {"HOOK_URL=" + hook.url()});
}

TEST(PluginCallSend, a_notification_is_really_sent) {
  const Hook hook;
  const Finished done = send(hook, {});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("delivered update_completed plugin-call-"));
  ASSERT_EQ(hook.bodies().size(), 1U);
  EXPECT_THAT(hook.bodies()[0].dump(), AllOf(HasSubstr("nginx:1.26.0"), HasSubstr("shop")));
}

TEST(PluginCallSend, a_dry_run_sends_nothing) {
  const Hook hook;
  const Finished done = send(hook, {"--sample", "update_failed", "--dry-run"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("would deliver update_failed"));
  EXPECT_THAT(hook.bodies(), IsEmpty());
}

TEST(PluginCallSend, a_failure_says_whether_another_try_helps_and_never_the_secret) {
  Hook hook;
  hook.status = 503;
  const Finished text = send(hook, {});
  EXPECT_EQ(text.code, 1);
  EXPECT_THAT(text.err, AllOf(HasSubstr("HTTP status 503"), HasSubstr("the operator would try again")));
  EXPECT_THAT(text.out + text.err, Not(HasSubstr("hunter2")));
  hook.status = 404;
  const Finished done = send(hook, {"--json"});
  EXPECT_EQ(done.code, 1);
  const json event = json::parse(done.out)["events"][0];
  EXPECT_EQ(event["delivered"], false);
  EXPECT_EQ(event["retryable"], false);
  EXPECT_THAT(done.out + done.err, Not(HasSubstr("hunter2")));
}

TEST(PluginCallSend, events_of_a_file_are_checked_before_anything_is_sent) {
  const Hook hook;
  const TemporaryDirectory directory;
  const std::string two =
      directory.write("two.json", R"([{"type":"a","id":"1","text":"first"},{"type":"b","text":"second"}])");
  const Finished done = send(hook, {"--event", two, "--json"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(json::parse(done.out)["events"].size(), 2U);
  EXPECT_EQ(hook.bodies().size(), 2U);

  const std::string odd = directory.write("odd.json", R"([{"type":"a"},{"tpye":"b"}])");
  const Finished refused = send(hook, {"--event", odd});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("an event has no member tpye"));
  EXPECT_EQ(hook.bodies().size(), 2U);
  const Finished sample = send(hook, {"--sample", "nothing"});
  EXPECT_EQ(sample.code, 2);
  EXPECT_THAT(sample.err, HasSubstr("it is one of update_detected, "));
}

TEST(PluginCallRegistry, tags_a_digest_and_a_webhook) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const Serving registry([&](const net::ServerRequest& request) {
    net::ServerResponse answer = json_answer(R"({"name":"team/web","tags":["1.0.0","1.1.0"]})");
    if (request.path.find("/manifests/1.0.0") != std::string::npos) {
      answer.headers = {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"},
                        {"Docker-Content-Digest", digest}};
      answer.body.clear();
    } else if (request.path.find("/tags/list") == std::string::npos) {
      answer.status = 404;
    }
    return answer;
  });
  const json settings{{"hosts", {{registry.host(), {{"endpoint", registry.url()}}}}}};
  const std::vector<std::string> call{"plugin", "call", "headwind.registry.oci", "--settings", settings.dump()};
  const auto ask = [&](std::vector<std::string> more, const std::string& input = {}) {
    std::vector<std::string> words = call;
    words.insert(words.end(), more.begin(), more.end());
    return headwind(words, input);
  };
  const Finished tags = ask({"tags", registry.host() + "/team/web"});
  EXPECT_EQ(tags.out, "1.0.0\n1.1.0\n") << tags.err;
  EXPECT_EQ(tags.code, 0);
  const Finished resolved = ask({"resolve", registry.host() + "/team/web:1.0.0"});
  EXPECT_EQ(resolved.out, digest + "\n") << resolved.err;
  const Finished missing = ask({"resolve", registry.host() + "/team/web:9.9.9"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.err, HasSubstr("9.9.9"));

  const std::string body = R"({"events":[{"action":"push","target":{"repository":"team/web","tag":"1.0.0","digest":")" +
                           digest + R"("},"request":{"host":"registry.example.com"}}]})";
  const Finished pushes = ask({"webhook", "--body", "-", "--endpoint", "registry", "--header", "X-Id: 7"}, body);
  EXPECT_EQ(pushes.code, 0) << pushes.err;
  EXPECT_EQ(pushes.out, "pushed registry.example.com/team/web:1.0.0@" + digest + "\n");
  EXPECT_EQ(ask({"webhook", "--body", "-"}, "{not json").code, 1);
  EXPECT_EQ(ask({"webhook", "--body", "/no/such/file"}).code, 2);
}

TEST(PluginCallRegistry, an_account_of_a_docker_config_is_used) {
  const Serving registry([&](const net::ServerRequest& request) {
    if (net::find_header(request.headers, "Authorization") == "Basic Y2k6aHVudGVyMg==")
      return json_answer(R"({"name":"team/web","tags":["1.0.0"]})");
    net::ServerResponse answer = json_answer("{}", 401);
    answer.headers.push_back({"WWW-Authenticate", "Basic realm=\"here\""});
    return answer;
  });
  const json settings{{"hosts", {{registry.host(), {{"endpoint", registry.url()}}}}}};
  const TemporaryDirectory directory;
  const auto ask = [&](const std::string& config) {
    std::vector<std::string> words{"plugin", "call", "headwind.registry.oci", "--settings", settings.dump(), "tags"};
    if (!config.empty()) words.insert(words.end(), {"--docker-config", directory.write("config.json", config)});
    words.push_back(registry.host() + "/team/web");
    return headwind(words);
  };
  EXPECT_EQ(ask({}).code, 1);
  const Finished done = ask(R"({"auths":{")" + registry.host() + R"(":{"username":"ci","password":"hunter2"}}})");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "1.0.0\n");
  const Finished other = ask(R"({"auths":{"ghcr.io":{"username":"ci","password":"hunter2"}}})");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, AllOf(HasSubstr("no key fits " + registry.host() + "/team/web; it has ghcr.io"),
                               Not(HasSubstr("hunter2"))));
  EXPECT_EQ(ask("{not json").code, 2);
}

TEST(PluginCallPolicy, it_prints_what_policy_test_prints) {
  const Finished done = headwind(
      {"plugin", "call", "headwind.policy.semver", "choose", "--policy", "minor", "--current", "1.2.3", "--tags", "-"},
      "1.3.0\n2.0.0\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("2.0.0  hold "), HasSubstr("\nchoice: 1.3.0 (")));
  const TemporaryDirectory directory;
  const std::string script = directory.write("p.py",
                                             "def choose(workload, slot, candidates, parameters):\n"
                                             "    return candidates[-1] if workload.labels else None\n");
  const Finished python =
      headwind({"plugin", "call", script, "choose", "--current", "1.2.3", "--tags", "-", "--label", "a=b", "--json"},
               "1.3.0\n2.0.0\n");
  EXPECT_EQ(python.code, 0) << python.err;
  EXPECT_EQ(json::parse(python.out)["choice"], "2.0.0");
}

TEST(PluginCallWorkload, images_and_the_rollout_of_a_manifest) {
  const Finished images = headwind({"plugin", "call", "headwind.workload.deployment", "images", "-f", "-"}, deployment);
  EXPECT_EQ(images.code, 0) << images.err;
  EXPECT_THAT(images.out, AllOf(HasSubstr("Deployment shop/web  containers/web  nginx:1.25.0  /spec/template/spec/"),
                                HasSubstr("containers/side  envoy:v1.2")));
  EXPECT_THAT(images.err, HasSubstr("left out: Service web is no Deployment"));
  const Finished rollout =
      headwind({"plugin", "call", "headwind.workload.deployment", "rollout", "-f", "-", "--json"}, deployment);
  EXPECT_EQ(rollout.code, 0) << rollout.err;
  const json answer = json::parse(rollout.out);
  EXPECT_EQ(answer["object"], "Deployment shop/web");
  EXPECT_EQ(answer["wanted"], 2);
  const Finished none = headwind({"plugin", "call", "headwind.workload.daemonset", "images", "-f", "-"}, deployment);
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("holds no DaemonSet"));
  EXPECT_EQ(headwind({"plugin", "call", "headwind.workload.deployment", "images", "-f", "-"}, "a: [").code, 2);
}

TEST(PluginCallWorkload, containers_without_a_readable_image_are_told) {
  const Finished done = headwind({"plugin", "call", "headwind.workload.deployment", "images", "-f", "-"},
                                 "kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [\n"
                                 "  {name: good, image: nginx},\n  {name: none},\n  {name: odd, image: 7},\n"
                                 "  {image: nginx},\n  {name: bad, image: 'UPPER:x y'}]}}}\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("containers/good"));
  const std::string left = "left out: Deployment web /spec/template/spec/containers/";
  EXPECT_THAT(done.err, AllOf(HasSubstr(left + "1: it has no image\n"), HasSubstr(left + "2: its image is no text\n"),
                              HasSubstr(left + "3: it has no name\n"),
                              HasSubstr(left + "4/image: the operator cannot read it: "), Not(HasSubstr(left + "0"))));
}

TEST(PluginCall, a_function_of_another_kind_is_refused_with_a_sentence) {
  const Finished done = headwind({"plugin", "call", "headwind.notifier.slack", "tags", "nginx"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("headwind.notifier.slack (notifier)"));
  EXPECT_EQ(headwind({"plugin", "call", "headwind.notifier.slack"}).code, 2);
  EXPECT_EQ(headwind({"plugin", "call", "headwind.no.such", "send"}).code, 2);
}

TEST(PluginCall, a_wrong_file_is_told_with_its_remedy) {
  const TemporaryDirectory directory;
  const auto told = [&](const std::string& file) {
    const Finished done = headwind({"plugin", "call", file, "send"});
    EXPECT_EQ(done.code, 1) << file;
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
    return done.err;
  };
  EXPECT_THAT(told("/no/such/pager.so"), HasSubstr("pager.so does not exist, or nobody may look at it; see whether"));
  EXPECT_THAT(told(directory.path().string()),
              HasSubstr("is a directory, not a regular file; name the .so file in it"));
  EXPECT_THAT(told(directory.write("text.so", "#!/bin/sh\n")), HasSubstr("text.so is not a shared object: it does not "
                                                                         "start with an ELF header; name the .so"));
  const Finished script = headwind({"plugin", "call", (directory.path() / "none.py").string(), "send"});
  EXPECT_EQ(script.code, 2);
  EXPECT_THAT(script.err, HasSubstr("cannot be opened: see whether it is there"));
}

TEST(PluginCall, a_plugin_is_found_by_its_id_whatever_its_file_is_called) {
  const Hook hook;
  const TemporaryDirectory directory;
  const auto call = [&](const std::string& id) {
    return headwind({"plugin", "call", id, "--secret", "url=env:HOOK_URL", "send"}, {},
                    {"HOOK_URL=" + hook.url(), "HEADWIND_PLUGINS_DIRECTORIES=" + directory.path().string()});
  };
  std::filesystem::copy_file(build_directory() / "plugins" / "headwind-notifier-slack.so",
                             directory.path() / "pager.so");
  const Finished done = call("headwind.notifier.slack");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(hook.bodies().size(), 1U);
  const Finished unknown = call("headwind.notifier.slak");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("has the id headwind.notifier.slak (did you mean 'headwind.notifier.slack'?)"));
}

TEST(PluginCall, settings_and_secrets_of_a_configured_instance) {
  const Hook hook;
  const TemporaryDirectory directory;
  const std::string secret = directory.write("url", hook.url() + "\n");
  const std::string config =
      directory.write("c.yaml",
                      "plugins:\n  instances:\n    - name: ops\n      plugin: headwind.notifier.slack\n"
                      "      settings: {username: Ops}\n      secrets: {url: {file: " +
                          secret + "}}\n");
  const Finished done =
      headwind({"plugin", "call", "headwind.notifier.slack", "--config", config, "--instance", "ops", "send"});
  EXPECT_EQ(done.code, 0) << done.err;
  ASSERT_EQ(hook.bodies().size(), 1U);
  EXPECT_EQ(hook.bodies()[0]["username"], "Ops");
  const Finished unknown = headwind({"plugin", "call", "headwind.notifier.slack", "--instance", "none", "send"});
  EXPECT_EQ(unknown.code, 2);
}

}  // namespace
}  // namespace headwind::test
