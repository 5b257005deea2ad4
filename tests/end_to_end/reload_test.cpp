// SPDX-License-Identifier: Apache-2.0
// The configuration changes while the operator runs.
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/text.hpp"
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class ReloadTest : public EndToEnd {
 protected:
  double reloads(const std::string& result) const {
    return headwind->metric("headwind_config_reloads_total{result=\"" + result + "\"}");
  }
  // SIGHUP; returns whether it ended in that.
  bool hang_up(const std::string& result) const {
    const double before = reloads(result);
    headwind->hang_up();
    return eventually([&] { return reloads(result) > before; });
  }
  // The newest entry of the audit stream about the configuration.
  Json audited() const {
    Json newest;
    const std::string log = headwind->log();
    for (const std::string_view line : split(log, '\n')) {
      const Json entry = Json::parse(line, nullptr, false);
      if (entry.is_object() && entry.contains("audit") && entry.value("action", "") == "reload") newest = entry;
    }
    return newest;
  }
  Json plugins() const { return Json::parse(headwind->api("GET", "/api/v1/plugins").body); }
  Json instance(const std::string& name) const {
    const Json all = plugins();
    for (const Json& one : all["instances"])
      if (one["name"] == name) return one;
    return nullptr;
  }
  bool update(const std::string& tag) const {
    registry().crane_push(repository(), tag);
    return runs(image(tag));
  }
  static std::size_t completed(const Receiver& receiver, const std::string& space) {
    return receiver.count(space, "update_completed");
  }
};

TEST_F(ReloadTest, a_changed_notifier_url_moves_what_is_told_from_then_on) {
  registry().crane_push(repository(), "1.0.0");
  start();
  deploy({.containers = {{"app", image("1.0.0")}}, .annotations = automatic()});
  ASSERT_TRUE(update("1.1.0"));
  ASSERT_TRUE(eventually([&] { return completed(*receiver, space) == 1; }));
  const std::string since = instance("receiver")["since"];

  const Receiver other;
  headwind->write("receiver", other.url());
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_THAT(headwind->log(), HasSubstr("\"replaced\":\"receiver\""));
  EXPECT_EQ(audited().value("outcome", ""), "done") << audited();
  EXPECT_THAT(audited().value("reason", ""), HasSubstr("replaced: receiver"));
  ASSERT_TRUE(update("1.2.0"));
  EXPECT_TRUE(eventually([&] { return completed(other, space) == 1; }));
  EXPECT_EQ(completed(*receiver, space), 1U);

  ASSERT_TRUE(hang_up("unchanged"));
  const Receiver witness;
  headwind->write("witness", witness.url());
  headwind->reconfigure([&](Json& config) {
    Json& one = config["plugins"]["instances"][0];
    one["name"] = "witness";
    one["secrets"]["url"]["file"] = (headwind->directory() / "witness").string();
  });
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_TRUE(instance("receiver").is_null());
  ASSERT_TRUE(update("1.3.0"));
  ASSERT_TRUE(eventually([&] { return completed(witness, space) == 1; }));
  EXPECT_EQ(completed(other, space), 1U);
  // It comes back: what happened in between is none of its business.
  headwind->reconfigure([&](Json& config) {
    Json one = config["plugins"]["instances"][0];
    one["name"] = "receiver";
    one["secrets"]["url"]["file"] = (headwind->directory() / "receiver").string();
    config["plugins"]["instances"].push_back(one);
  });
  ASSERT_TRUE(hang_up("applied"));
  ASSERT_TRUE(update("1.4.0"));
  ASSERT_TRUE(eventually([&] { return completed(witness, space) == 2 && completed(other, space) >= 2; }));
  for (const Json& told : other.about(space))
    EXPECT_THAT(told.dump(), Not(HasSubstr("newImage\":\"" + image("1.3.0"))));
}

TEST_F(ReloadTest, a_notifier_whose_secret_was_missing_at_the_start_is_told_what_it_missed) {
  registry().crane_push(repository(), "1.0.0");
  start();
  const Receiver second;
  headwind->write("second", second.url());
  headwind->reconfigure([&](Json& config) {
    Json one = config["plugins"]["instances"][0];
    one["name"] = "second";
    one["secrets"]["url"]["file"] = (headwind->directory() / "second").string();
    config["plugins"]["instances"].push_back(one);
  });
  ASSERT_TRUE(hang_up("applied"));
  deploy({.containers = {{"app", image("1.0.0")}}, .annotations = automatic()});
  ASSERT_TRUE(update("1.1.0"));
  ASSERT_TRUE(eventually([&] { return completed(*receiver, space) == 1 && completed(second, space) == 1; }));
  ASSERT_EQ(headwind->stop(), 0) << headwind->log();

  std::filesystem::remove(headwind->directory() / "second");
  headwind->start();
  ASSERT_EQ(instance("second")["state"], "refused");
  ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", space, "web"); }));
  ASSERT_TRUE(update("1.2.0"));
  ASSERT_TRUE(eventually([&] { return completed(*receiver, space) == 2; }));
  headwind->write("second", second.url());
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_TRUE(eventually([&] { return completed(second, space) == 2; }));
  ASSERT_TRUE(update("1.3.0"));
  ASSERT_TRUE(eventually([&] { return completed(*receiver, space) == 3 && completed(second, space) >= 3; }));
  EXPECT_EQ(completed(second, space), 3U) << "each once";
}

TEST_F(ReloadTest, a_route_by_labels_counts_at_once_also_for_workloads_that_were_seen_before) {
  registry().crane_push(repository(), "1.0.0");
  start();
  for (const char* name : {"web", "other"})
    deploy({.name = name, .containers = {{"app", image("1.0.0")}}, .annotations = automatic()});
  kubectl({"-n", space, "label", "deployment/web", "team=shop"});

  const Receiver shop;
  headwind->write("shop", shop.url());
  headwind->reconfigure([&](Json& config) {
    Json one = config["plugins"]["instances"][0];
    one["name"] = "shop";
    one["secrets"]["url"]["file"] = (headwind->directory() / "shop").string();
    config["plugins"]["instances"].push_back(one);
    config["notifications"]["routes"] = {{{"to", {"shop"}}, {"labels", {{"team", "sh*"}}}}};
  });
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_THAT(headwind->log(), Not(HasSubstr("no longer served")));
  // The list that brings the labels is under way.
  ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", space, "web"); }));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  ASSERT_TRUE(update("1.1.0"));
  EXPECT_TRUE(runs(image("1.1.0"), "other"));
  EXPECT_TRUE(eventually([&] { return completed(*receiver, space) == 2; }));
  EXPECT_TRUE(eventually([&] { return completed(shop, space) == 1; }));
  EXPECT_EQ(shop.count(space, "update_completed"), 1U) << "of the one that has the label";

  // When nobody asks for them any more their memory is given back.
  const auto lists = [&] {
    return headwind->metric(R"(headwind_kube_requests_total{code="200",resource="deployments",verb="list"})");
  };
  const double before = lists();
  EXPECT_GE(before, 2);
  headwind->reconfigure([](Json& config) { config.erase("notifications"); });
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_TRUE(eventually([&] { return lists() > before; }));
}

TEST_F(ReloadTest, a_plugin_that_is_dropped_into_the_directory_serves_without_a_restart) {
  registry().crane_push(repository(), "1.0.0");
  start();
  headwind->reconfigure([&](Json& config) {
    config["plugins"]["directories"].push_back(headwind->directory() / "dropped");
    config["plugins"]["instances"].push_back(
        {{"name", "dropped"}, {"plugin", "test.policy.slow"}, {"settings", {{"answer", "not on a Friday"}}}});
  });
  const auto file = headwind->directory() / "dropped" / "slow_policy.so";
  std::filesystem::create_directory(file.parent_path());
  std::filesystem::copy_file(OperatorProcess::build() / "tests/plugin/moving/slow_policy.so", file);
  ASSERT_TRUE(hang_up("applied"));

  EXPECT_EQ(instance("dropped")["state"], "ready");
  EXPECT_THAT(plugins()["plugins"], Contains(testing::Truly([&](const Json& row) {
                return row["file"] == file.string() && row["state"] == "loaded" && row["id"] == "test.policy.slow";
              })));
  deploy({.containers = {{"app", image("1.0.0")}},
          .annotations = {{"policy", "plugin/dropped"}, {"require-approval", "false"}, {"min-update-interval", "0"}}});
  registry().crane_push(repository(), "1.1.0");
  EXPECT_TRUE(eventually([&] { return headwind->log().find("\"why\":\"not on a Friday\"") != std::string::npos; }));
  EXPECT_GE(instance("dropped")["calls"], 2);
}

TEST_F(ReloadTest, a_workload_whose_policy_arrives_is_looked_at_at_once) {
  registry().crane_push(repository(), "1.0.0");
  start();
  deploy({.containers = {{"app", image("1.0.0")}},
          .annotations = {{"policy", "plugin/late"}, {"require-approval", "false"}, {"min-update-interval", "0"}}});
  registry().crane_push(repository(), "1.1.0");
  ASSERT_TRUE(eventually([&] { return headwind->metric("headwind_hints_total{outcome=\"confirmed\"}") >= 1; }));
  headwind->reconfigure([&](Json& config) {
    config["plugins"]["directories"].push_back(OperatorProcess::build() / "tests/plugin/moving");
    config["plugins"]["instances"].push_back(
        {{"name", "late"}, {"plugin", "test.policy.slow"}, {"settings", {{"answer", "not on a Friday"}}}});
  });
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_TRUE(eventually([&] { return headwind->log().find("\"why\":\"not on a Friday\"") != std::string::npos; }))
      << "what was pushed before it came";
  EXPECT_THAT(headwind->log(), testing::ContainsRegex("the configuration was read again[^\n]*headwind.yaml"));
}

TEST_F(ReloadTest, directories_without_the_bundle_are_told_before_a_restart_fails_for_them) {
  start();
  headwind->reconfigure([&](Json& config) { config["plugins"]["directories"] = {headwind->directory().string()}; });
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_THAT(headwind->ready().body, HasSubstr("plugins.directories has no longer the plugins of running instances"));
  EXPECT_THAT(headwind->ready().body, HasSubstr("headwind.registry.oci"));
  headwind->reconfigure(
      [](Json& config) { config["plugins"]["directories"] = {(OperatorProcess::build() / "plugins").string() + "/"}; });
  ASSERT_TRUE(hang_up("applied"));
  EXPECT_THAT(headwind->ready().body, Not(HasSubstr("plugins.directories")));
}

TEST_F(ReloadTest, a_broken_file_changes_nothing_and_is_told_until_it_is_mended) {
  registry().crane_push(repository(), "1.0.0");
  start();
  deploy({.containers = {{"app", image("1.0.0")}}, .annotations = automatic()});
  const std::string good = headwind->read("headwind.yaml");
  headwind->write("headwind.yaml", "ports: {api: {port: many}}\n");
  // Nobody sends a signal: a mounted ConfigMap changes by itself.
  ASSERT_TRUE(eventually([&] { return reloads("refused") == 1; }));
  EXPECT_THAT(headwind->log(), HasSubstr("the configuration is refused; the one before stays in force"));
  EXPECT_EQ(audited().value("outcome", ""), "failed") << audited();
  EXPECT_THAT(headwind->log(), HasSubstr("ports.api.port: must be a whole number"));
  const Reply ready = headwind->ready();
  EXPECT_EQ(ready.status, 200U);
  EXPECT_THAT(ready.body, HasSubstr("ports.api.port: must be a whole number"));
  ASSERT_TRUE(update("1.1.0"));
  EXPECT_TRUE(eventually([&] { return completed(*receiver, space) == 1; }));

  headwind->write("headwind.yaml", good);
  ASSERT_TRUE(eventually([&] { return reloads("unchanged") == 1; }));
  EXPECT_THAT(headwind->ready().body, Not(HasSubstr("refused")));
}

TEST_F(ReloadTest, an_instance_that_cannot_be_created_stays_as_it_was) {
  registry().crane_push(repository(), "1.0.0");
  start();
  deploy({.containers = {{"app", image("1.0.0")}}, .annotations = automatic()});
  headwind->reconfigure([](Json& config) {
    config["plugins"]["instances"][0]["settings"] = {{"timeout_seconds", "soon"}};
    config["updates"] = {{"minInterval", "7m"}};
  });
  ASSERT_TRUE(hang_up("incomplete"));
  EXPECT_THAT(headwind->log(), HasSubstr("a plugin instance stays as it was"));
  EXPECT_THAT(headwind->ready().body, HasSubstr("settings.timeout_seconds"));
  EXPECT_THAT(headwind->log(), HasSubstr("\"key\":\"updates.minInterval\""));
  EXPECT_THAT(headwind->ready().body, HasSubstr("only a restart takes it up: updates.minInterval"));
  ASSERT_TRUE(update("1.1.0"));
  EXPECT_TRUE(eventually([&] { return completed(*receiver, space) == 1; }));
}

TEST_F(ReloadTest, a_new_instance_that_cannot_be_created_takes_no_registry_over_until_it_can) {
  registry().crane_push(repository(), "1.0.0");
  start();
  deploy({.containers = {{"app", image("1.0.0")}}, .annotations = automatic()});
  const std::string file = (headwind->directory() / "later").string();
  headwind->reconfigure([&](Json& config) {
    config["plugins"]["instances"].push_back(
        {{"name", "mine"}, {"plugin", "headwind.registry.oci"}, {"secrets", {{"password", {{"file", file}}}}}});
    config["registries"][registry().host()]["plugin"] = "mine";
  });
  ASSERT_TRUE(hang_up("incomplete"));
  ASSERT_TRUE(update("1.1.0")) << "who served it serves it still";
  const double before = reloads("applied");
  std::ofstream(file) << "secret";  // nobody touches the configuration again
  ASSERT_TRUE(eventually([&] { return reloads("applied") > before; }));
  EXPECT_EQ(instance("mine")["state"], "ready");
  ASSERT_TRUE(update("1.2.0"));
  EXPECT_GE(instance("mine")["calls"], 1);
}

TEST_F(ReloadTest, a_failing_plugin_shows_its_errors_and_its_last_sentence) {
  registry().crane_push(repository(), "1.0.0");
  OperatorSettings with = settings();
  with.notified = "http://127.0.0.1:" + std::to_string(testbed::free_port()) + "/nobody";
  start(with);
  deploy({.containers = {{"app", image("1.0.0")}}, .annotations = automatic()});
  EXPECT_FALSE(instance("receiver").contains("lastError"));
  ASSERT_TRUE(update("1.1.0"));
  ASSERT_TRUE(eventually([&] { return instance("receiver")["errors"].contains("unavailable"); })) << plugins();
  const Json row = instance("receiver");
  EXPECT_EQ(row["kind"], "notifier");
  EXPECT_EQ(row["plugin"], "headwind.notifier.webhook");
  EXPECT_GE(row["calls"], 1);
  EXPECT_THAT(std::string(row["lastError"]["message"]), testing::StartsWith("receiver: send: "));
  EXPECT_THAT(std::string(row["lastError"]["at"]), testing::MatchesRegex("20..-..-..T..:..:...*"));
  EXPECT_THAT(row.dump(), Not(HasSubstr("/nobody")));  // the URL is a secret
  EXPECT_TRUE(eventually([&] {
    return headwind->log().find("a notifier does not take what it is told; it is tried again") != std::string::npos;
  }));
  EXPECT_EQ(instance("semver")["state"], "ready");
  EXPECT_GE(instance("semver")["calls"], 1);

  // The same by the program.
  const std::string list =
      (OperatorProcess::build() / "host/headwind").string() + " plugin list --api " + OperatorProcess::api_url();
  const Ended table = run_shell(list);
  EXPECT_EQ(table.status, 0) << table.text;
  EXPECT_THAT(table.text, testing::ContainsRegex("receiver +headwind.notifier.webhook +[a-z]+ +[1-9][0-9]* +[1-9]"));
  EXPECT_THAT(table.text, HasSubstr("last error: receiver: send: "));
  EXPECT_THAT(table.text, Not(HasSubstr("/nobody")));
  const Ended rows = run_shell(list + " --json");
  EXPECT_EQ(rows.status, 0) << rows.text;
  const Json shown = Json::parse(rows.text, nullptr, false);
  ASSERT_TRUE(shown.contains("instances")) << rows.text;
  bool found = false;
  for (const Json& one : shown["instances"]) {
    if (one["name"] != "receiver") continue;
    EXPECT_GE(one["errors"].value("unavailable", 0), 1) << one;
    found = true;
  }
  EXPECT_TRUE(found) << shown;
}

}  // namespace
}  // namespace headwind::end_to_end
