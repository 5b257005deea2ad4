// SPDX-License-Identifier: Apache-2.0
// What ConfigMap headwind-state remembers of notifiers that come and go while everything runs; with the real webhook
// plugin, and an engine over a world in memory.
#include "app/delivery_marks.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/hash.hpp"
#include "kube/scripted.hpp"
#include "update/world.hpp"

namespace headwind::app {
namespace {

using Json = nlohmann::json;

constexpr const char* webhook = "headwind.notifier.webhook";

class DeliveryMarksTest : public kube::test::Scripted {
 protected:
  void SetUp() override {
    respond = [this](const net::ServerRequest& request) { return serve_config_map(request); };
    api = client();
    // Told while nobody listened: what a late notifier has missed.
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}},
                 {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
    world = &update::testing::launch(store);
    world->start();
    world->push("docker.io/library/nginx", "1.26.0");
    world->settle();
    ASSERT_FALSE(world->engine->happened_since(0).empty());
    plugin::HostOptions options;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    host = std::make_unique<plugin::Host>(executor(), http, metrics, options);
    host->load();
    notifiers = std::make_unique<PluginNotifiers>(executor(), system_clock(), Links{}, metrics, compat, inventory);
    hooks = serve([this](net::ServerRequest request) -> Task<net::ServerResponse> {
      const std::string event = Json::parse(request.body)["event"];
      told[request.path].push_back(event);
      co_return kube::test::answer(200);
    });
    marks = std::make_shared<DeliveryMarks>(api, "headwind-system", *notifiers, *world->engine, system_clock(),
                                            std::vector<std::string>{"good", "mended"});
  }
  void TearDown() override {
    run(marks->stop());
    run(notifiers->drain(std::chrono::milliseconds(0)));
    run(host->shut_down(std::chrono::milliseconds(100)));
    http->shut_down();
    for (const auto* one : {&server, &hooks}) run((*one)->drain(std::chrono::milliseconds(100)));
  }

  void add(const std::string& name) {
    const auto made = run(
        host->create({name, webhook, R"({"max_retries":0})", {{"url", net::test::at(hooks->port(), "/" + name)}}, {}}));
    ASSERT_TRUE(made) << made.error().message;
    for (const plugin::Notifier& notifier : host->notifiers())
      if (notifier.name() == name) {
        EXPECT_TRUE(notifiers->add(notifier, webhook));
      }
  }
  void remove(const std::string& name) {
    run(notifiers->remove(name, std::chrono::seconds(30)));
    host->remove(name);
    marks->left(name);
  }
  // Until it has told `name` all that it missed.
  void follow(const std::string& name) {
    spawn(executor(), "marks", DeliveryMarks::run(marks));
    ASSERT_TRUE(until([&] { return completed(name) == 1; }));
  }
  std::ptrdiff_t completed(const std::string& name) const {
    const auto found = told.find("/" + name);
    return found == told.end() ? 0 : std::ranges::count(found->second, "update_completed");
  }
  std::ptrdiff_t ended_rollouts() const {
    const auto found = told.find("/good");
    return found == told.end() ? 0 : std::ranges::count(found->second, "rollout_completed");
  }
  std::size_t keys(const std::string& prefix) const {
    std::size_t sum = 0;
    for (const auto& [key, value] : data.items()) sum += key.starts_with(prefix) ? 1 : 0;
    return sum;
  }
  // As an earlier process left it: told nothing so far.
  void stored_long_ago(const std::string& name) {
    data["delivered-" + sha256_hex(name).substr(0, 16)] = "1";
    data["beyond-" + sha256_hex(name).substr(0, 16)] = "an-old-id";
  }

  Json data = {{"another", "key"}};
  std::map<std::string, std::vector<std::string>> told;  // by path
  update::testing::Store store;
  update::testing::World* world = nullptr;
  telemetry::CompatMetrics compat{metrics};
  inventory::Inventory inventory;
  std::shared_ptr<kube::Client> api;
  std::unique_ptr<net::Server> hooks;
  std::unique_ptr<plugin::Host> host;
  std::unique_ptr<PluginNotifiers> notifiers;
  std::shared_ptr<DeliveryMarks> marks;

 private:
  net::ServerResponse serve_config_map(const net::ServerRequest& request) {
    if (request.method == "PATCH") data.merge_patch(Json::parse(request.body)["data"]);
    return kube::test::answer(
        200, Json{{"metadata", {{"name", "headwind-state"}, {"namespace", "headwind-system"}}}, {"data", data}}.dump());
  }
};

TEST_F(DeliveryMarksTest, one_that_was_refused_at_the_start_and_comes_later_is_told_what_it_missed) {
  stored_long_ago("good");
  stored_long_ago("mended");
  add("good");
  follow("good");
  add("mended");
  add("unheard");
  marks->came("mended");
  marks->came("unheard");
  EXPECT_TRUE(until([&] { return completed("mended") == 1; }));
  run(marks->stop());
  EXPECT_EQ(keys("delivered-"), 3U);
  EXPECT_EQ(completed("mended"), 1);
  EXPECT_EQ(completed("good"), 1);
  EXPECT_EQ(completed("unheard"), 0) << "it has no mark: of the future only";
}

TEST_F(DeliveryMarksTest, one_that_is_removed_takes_its_mark_with_it) {
  for (const char* name : {"good", "gone", "back"}) {
    stored_long_ago(name);
    add(name);
  }
  follow("good");
  ASSERT_TRUE(until([&] { return completed("gone") == 1 && completed("back") == 1; }));
  remove("gone");
  remove("back");
  add("back");
  marks->came("back");
  run(marks->stop());
  EXPECT_EQ(keys("delivered-"), 2U) << data;
  EXPECT_FALSE(data.contains("delivered-" + sha256_hex("gone").substr(0, 16)));
  EXPECT_FALSE(data.contains("beyond-" + sha256_hex("gone").substr(0, 16)));
  EXPECT_EQ(data["another"], "key");
  EXPECT_EQ(completed("back"), 1) << "what happened before it came back is none of its business";
  EXPECT_GT(notifiers->marks().at("back"), world->engine->happened_since(0).back().unix_ms);
}

TEST_F(DeliveryMarksTest, those_of_notifiers_that_were_removed_while_nothing_ran_go_at_the_start) {
  for (const char* name : {"good", "mended", "stray", "returned"}) stored_long_ago(name);
  add("good");
  follow("good");
  add("returned");
  marks->came("returned");
  run(marks->stop());
  EXPECT_FALSE(data.contains("delivered-" + sha256_hex("stray").substr(0, 16))) << data;
  EXPECT_FALSE(data.contains("beyond-" + sha256_hex("stray").substr(0, 16)));
  EXPECT_TRUE(data.contains("delivered-" + sha256_hex("mended").substr(0, 16))) << "it may be mended yet";
  EXPECT_EQ(data["another"], "key");
  EXPECT_EQ(completed("returned"), 0) << "what happened before it came back is none of its business";
}

// The end of an automatic update's rollout is judged anew by a process that starts soon after it.
TEST_F(DeliveryMarksTest, what_was_told_before_the_last_end_is_not_told_again_after_the_next_start) {
  update::Notification ended = world->engine->happened_since(0).back();
  ended.type = update::EventType::rollout_completed;
  ended.id = "the-rollout-of-web", ended.unix_ms = 0;
  stored_long_ago("good");
  add("good");
  follow("good");
  notifiers->tell(ended);
  ASSERT_TRUE(until([&] { return std::ranges::count(notifiers->settled_ids("good"), ended.id) == 1; }));
  run(marks->stop());
  for (int start = 0; start < 2; ++start) {
    run(notifiers->drain(std::chrono::seconds(30)));
    host->remove("good");
    notifiers = std::make_unique<PluginNotifiers>(executor(), system_clock(), Links{}, metrics, compat, inventory);
    marks = std::make_shared<DeliveryMarks>(api, "headwind-system", *notifiers, *world->engine, system_clock(),
                                            std::vector<std::string>{"good"});
    add("good");
    spawn(executor(), "marks", DeliveryMarks::run(marks));
    const std::string stored = data["delivered-" + sha256_hex("good").substr(0, 16)];
    ASSERT_TRUE(until([&] { return std::to_string(notifiers->marks().at("good")) == stored; }));
    if (start == 1) notifiers->tell(ended);
    run(marks->stop());
  }
  run(notifiers->drain(std::chrono::seconds(30)));
  EXPECT_EQ(ended_rollouts(), 1);
  EXPECT_EQ(completed("good"), 1);
}

TEST_F(DeliveryMarksTest, those_of_the_last_notifier_go_too) {
  stored_long_ago("stray");
  spawn(executor(), "marks", DeliveryMarks::run(marks));
  ASSERT_TRUE(until([&] { return requests.size() == 1; })) << "read once";
  run(sleep_for(std::chrono::milliseconds(200)));  // its answer is taken in
  run(marks->stop());
  EXPECT_EQ(keys("delivered-") + keys("beyond-"), 0U) << data;
}

}  // namespace
}  // namespace headwind::app
