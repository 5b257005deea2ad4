// SPDX-License-Identifier: Apache-2.0
// Instances that are wanted and could not be created: shown until they can be, or are not wanted any more.
#include "app/refusals.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "api_objects.hpp"
#include "app/instance_changes.hpp"
#include "app/instances.hpp"
#include "app/missing_plugins.hpp"
#include "app/plugin_list.hpp"
#include "config/config.hpp"

namespace headwind::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RefusalsTest : public test::ApiObjects {
 protected:
  void SetUp() override {
    ApiObjects::SetUp();
    plugin::HostOptions options;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    host = std::make_unique<plugin::Host>(executor(), http, metrics, options);
    host->load();
    change("");  // the bundle
  }
  void TearDown() override {
    run(host->shut_down(std::chrono::milliseconds(100)));
    ApiObjects::TearDown();
  }
  InstanceChanges change(const std::string& instances) {
    const auto config = config::parse("plugins: {instances: [" + instances + "]}", "c.yaml");
    EXPECT_TRUE(config) << config.error().message;
    const NotifierListener listener{[](plugin::Notifier, std::string_view) {},
                                    [this](std::string name) { return leave(std::move(name)); }};
    return run(change_instances(*host, *config, environment, listener, refusals));
  }
  Task<> leave(std::string name) {
    left.push_back(std::move(name));
    co_return;
  }
  std::string state(const std::string& name) const {
    for (const api::PluginInstance& one : plugin_list(*host, refusals).instances)
      if (one.name == name) return one.state;
    return "absent";
  }

  TextMap environment;
  std::vector<std::string> left;
  std::unique_ptr<plugin::Host> host;
  Refusals refusals{metrics};
};

TEST_F(RefusalsTest, OneWithoutItsSecretIsShownUntilItIsMended) {
  const std::string pager = "{name: pager, plugin: headwind.notifier.webhook, secrets: {url: {environment: HOOK}}}";
  EXPECT_THAT(change(pager).failed, Contains(HasSubstr("HOOK")));
  EXPECT_EQ(state("pager"), "refused");
  ASSERT_THAT(refusals.all(), SizeIs(1));
  const plugin::InstanceInfo info = refusals.all().front();
  EXPECT_EQ(info.plugin, "headwind.notifier.webhook");
  EXPECT_EQ(info.kind, "notifier");
  EXPECT_EQ(info.reason, info.last_error);
  EXPECT_GT(info.since_ms, 0);
  EXPECT_THAT(missing_plugins_note(*host, refusals), HasSubstr("plugin instance pager is refused: "));
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugin_refused{instance=\"pager\"} 1"));

  environment["HOOK"] = "http://127.0.0.1:9/";
  const InstanceChanges changes = change(pager);
  EXPECT_THAT(changes.created, Contains("pager"));
  EXPECT_EQ(state("pager"), "ready");
  EXPECT_THAT(refusals.all(), IsEmpty());
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugin_refused{instance=\"pager\"} 0"));
  EXPECT_EQ(missing_plugins_note(*host, refusals), "");
}

TEST_F(RefusalsTest, OneThatIsNotWantedAnyMoreIsForgotten) {
  change("{name: gone, plugin: nobody.knows}");
  EXPECT_EQ(state("gone"), "refused");
  EXPECT_EQ(refusals.all().front().kind, "");
  EXPECT_THAT(change("").removed, ElementsAre("gone"));
  EXPECT_EQ(state("gone"), "absent");
  EXPECT_THAT(left, ElementsAre("gone")) << "it may have been a notifier";
}

TEST_F(RefusalsTest, AMendedPolicyIsOneThatDecides) {
  const std::string policy = "{name: mine, plugin: headwind.policy.semver, settings: ";
  EXPECT_FALSE(change(policy + "{no_such: 1}}").decides);
  EXPECT_EQ(state("mine"), "refused");
  EXPECT_TRUE(change(policy + "{}}").decides);
  EXPECT_EQ(state("mine"), "ready");
  EXPECT_FALSE(change(policy + "{}}").decides) << "nothing has changed";
}

}  // namespace
}  // namespace headwind::app
