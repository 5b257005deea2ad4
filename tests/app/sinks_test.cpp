// SPDX-License-Identifier: Apache-2.0
// HelmReleases as the watches bring them, through the real plugin into the inventory.
#include "app/sinks.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/workloads.hpp"
#include "kube/scripted.hpp"
#include "update/world.hpp"

namespace headwind::app {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

const std::string repositories = "source.toolkit.fluxcd.io/ocirepositories";

class SinksTest : public kube::test::Scripted {
 protected:
  void SetUp() override {
    plugin::HostOptions options;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    const auto api = client();
    host = std::make_unique<plugin::Host>(executor(), http, metrics, options);
    host->load();
    const auto made = run(host->create({"helmrelease", "headwind.workload.helmrelease", "{}", {}, {}}));
    ASSERT_TRUE(made) << made.error().message;
    auto described = run(describe_kinds(*host));
    ASSERT_TRUE(described) << described.error().message;
    kinds = std::make_shared<std::vector<WorkloadKind>>(std::move(*described));
    kind().related_objects->put(repositories, source("shop"));
    kind().related_objects->put(repositories, source("flux-system"));
    rollouts = std::make_unique<ClusterRollouts>(executor(), api, kinds);
    sink = std::make_unique<WorkloadSink>(*world.engine, *rollouts, kind());
    kind().related_objects->on_change([this] { spawn(executor(), "read again", sink->read_again()); });
  }
  void TearDown() override {
    run(host->shut_down(std::chrono::milliseconds(100)));
    http->shut_down();
    run(server->drain(std::chrono::milliseconds(100)));
  }

  WorkloadKind& kind() const { return kinds->front(); }
  static kube::Object source(const std::string& name_space) {
    kube::Object object;
    object.name_space = name_space, object.name = "app";
    object.json = Json{{"apiVersion", "source.toolkit.fluxcd.io/v1"},
                       {"kind", "OCIRepository"},
                       {"metadata", {{"name", "app"}, {"namespace", name_space}}},
                       {"spec", {{"url", "oci://r.test/app"}, {"ref", {{"tag", "1.0.0"}}}}}}
                      .dump();
    return object;
  }
  // Its chart is the OCIRepository `app` of that namespace; empty: that stands in the release itself.
  static kube::Object release(const std::string& name, const std::string& of = {}, bool annotated = true,
                              const std::string& version = "10") {
    Json spec{{"chart", {{"spec", {{"chart", "c"}, {"version", "1.0.0"}}}}}};
    if (!of.empty()) spec = {{"chartRef", {{"kind", "OCIRepository"}, {"name", "app"}, {"namespace", of}}}};
    kube::Object object;
    object.name_space = "shop", object.name = name, object.uid = name, object.resource_version = version;
    if (annotated)
      object.annotations["headwind.sh/policy"] = "all", object.annotations["headwind.sh/force-ownership"] = "true";
    object.json =
        Json{{"kind", "HelmRelease"}, {"metadata", {{"name", name}, {"namespace", "shop"}}}, {"spec", spec}}.dump();
    return object;
  }
  const inventory::Workload* known(const std::string& name) const {
    return world.inventory.find({"HelmRelease", "shop", name});
  }
  void show(std::vector<kube::Object> objects) { ASSERT_TRUE(run(sink->upsert(std::move(objects)))); }
  bool chart_of(const std::string& name) const {
    return known(name) != nullptr && known(name)->find_slot("chart") != nullptr;
  }

  update::testing::Store store;
  update::testing::World world{store};
  std::unique_ptr<plugin::Host> host;
  Kinds kinds;
  std::unique_ptr<ClusterRollouts> rollouts;
  std::unique_ptr<WorkloadSink> sink;
};

TEST_F(SinksTest, what_a_list_has_not_brought_is_not_kept_by_reading_anew) {
  sink->list_started();
  show({release("a"), release("b")});
  sink->list_finished();
  ASSERT_NE(known("b"), nullptr);
  sink->list_started();  // meanwhile b was deleted, and nobody told
  run(sink->read_again());
  show({release("a")});
  sink->list_finished();
  EXPECT_EQ(known("b"), nullptr);
  EXPECT_NE(known("a"), nullptr);
}

TEST_F(SinksTest, nor_by_reading_anew_that_began_before_the_list) {
  sink->list_started();
  show({release("a"), release("b")});
  sink->list_finished();
  bool read = false;
  spawn(executor(), "read", [](WorkloadSink& all, bool& done) -> Task<> {
    co_await all.read_again();
    done = true;
  }(*sink, read));
  io.restart();
  io.poll_one();  // the plugin has been asked
  sink->list_started();
  ASSERT_TRUE(until([&] { return read; }));
  show({release("a")});
  sink->list_finished();
  EXPECT_EQ(known("b"), nullptr);
}

TEST_F(SinksTest, an_OCIRepository_of_another_namespace_is_not_moved_unless_the_operator_allows_it) {
  show({release("web", "flux-system")});
  ASSERT_NE(known("web"), nullptr);
  EXPECT_FALSE(chart_of("web"));
  EXPECT_THAT(known("web")->unread, HasSubstr("OCIRepository flux-system/app of another namespace"));
  EXPECT_THAT(known("web")->unread, HasSubstr("helm.sourceNamespaces lists flux-system"));
  ClusterWorkloads workloads(client(), kinds, *rollouts);
  const std::string object = repositories.substr(0, 24) + "/v1/ocirepositories/flux-system/app";
  const auto refused = run(workloads.patch_object(*known("web"), object, "[]"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::denied);
  EXPECT_TRUE(requests.empty()) << "nothing was sent";
  kind().related_objects->open({"flux-system"});
  run(sink->read_again());
  EXPECT_TRUE(chart_of("web"));
}

TEST_F(SinksTest, an_OCIRepository_that_two_releases_share_is_moved_by_neither) {
  show({release("web", "shop")});
  EXPECT_TRUE(chart_of("web"));
  show({release("plain", "shop", false)});  // it never asked for anything
  EXPECT_TRUE(until([&] { return !chart_of("web"); }));
  EXPECT_THAT(known("web")->unread, HasSubstr("OCIRepository shop/app is the chart of HelmRelease shop/plain, too"));
  show({release("api", "shop")});
  EXPECT_FALSE(chart_of("api"));
  sink->removed(release("plain"));
  sink->removed(release("api"));
  EXPECT_TRUE(until([&] { return chart_of("web"); })) << "it has its source for itself";
}

TEST_F(SinksTest, what_cannot_be_read_any_more_has_no_images_until_it_can) {
  std::vector<std::string> told;
  kind().not_read = [&](const WorkloadKind&, const std::string&, const std::string& name, const std::string&,
                        const std::string& sentence) { told.push_back(name + ": " + sentence); };
  sink->serve(kind());
  show({release("web", "shop"), release("api")});
  ASSERT_TRUE(chart_of("web"));
  kube::Object edited = release("web", "shop", true, "11");
  Json whole = Json::parse(edited.json);
  whole["kind"] = "Job";
  edited.json = whole.dump();
  show({edited, release("api", {}, true, "11")});
  ASSERT_NE(known("web"), nullptr) << "what was proposed for it is not without a workload";
  EXPECT_TRUE(known("web")->not_read);
  EXPECT_TRUE(known("web")->slots.empty());
  EXPECT_THAT(known("web")->unread, HasSubstr("not a HelmRelease"));
  EXPECT_EQ(known("web")->resource_version, "11");
  ASSERT_NE(known("api"), nullptr);
  EXPECT_FALSE(known("api")->not_read);
  run(sink->read_again());
  EXPECT_FALSE(chart_of("web"));
  ASSERT_FALSE(told.empty());
  EXPECT_THAT(told[0], HasSubstr("web: HelmRelease shop/web: its images cannot be read, so it is left alone"));
  show({release("web", "shop", true, "12")});
  EXPECT_TRUE(chart_of("web"));
  EXPECT_FALSE(known("web")->not_read);
  EXPECT_EQ(known("web")->unread, "");
}

TEST_F(SinksTest, a_plugin_that_does_not_answer_takes_nothing_away) {
  show({release("web", "shop")});
  run(host->shut_down(std::chrono::milliseconds(100)));
  EXPECT_FALSE(run(sink->upsert({release("web", "shop", true, "11")})));
  EXPECT_TRUE(chart_of("web"));
}

TEST_F(SinksTest, labels_are_kept_where_somebody_asks_for_them) {
  kube::Object object = release("web");
  Json whole = Json::parse(object.json);
  whole["metadata"]["labels"] = {{"team", "shop"}};
  object.json = whole.dump();
  object.annotations["headwind.sh/policy"] = "minor";
  const auto read = [&] { return run(read_workloads(kind(), {object})); };
  auto plain = read();
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->at(0).metadata, nullptr) << "ten thousand others pay a pointer";
  kind().keeps_labels = true;
  auto labelled = read();
  ASSERT_TRUE(labelled) << labelled.error().message;
  ASSERT_NE(labelled->at(0).metadata, nullptr);
  EXPECT_EQ(Json::parse(*labelled->at(0).metadata), Json::parse(R"({"labels": {"team": "shop"}})"));
}

}  // namespace
}  // namespace headwind::app
