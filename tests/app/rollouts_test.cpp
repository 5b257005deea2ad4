// SPDX-License-Identifier: Apache-2.0
// What is seen of rollouts, over the real plugins and an API server that answers what the test says.
#include "app/rollouts.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "app/rollout_view.hpp"
#include "kube/scripted.hpp"

namespace headwind::app {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;
using State = update::RolloutView::State;

class RolloutsTest : public kube::test::Scripted {
 protected:
  void SetUp() override {
    respond = [this](const net::ServerRequest& request) { return serve_objects(request); };
    plugin::HostOptions options;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    const auto api = client();
    host = std::make_unique<plugin::Host>(executor(), http, metrics, options);
    host->load();
    for (const auto& [name, plugin, settings] :
         {std::tuple{"argo", "headwind.workload.generic", R"({"preset":"argo-rollout"})"},
          std::tuple{"helmrelease", "headwind.workload.helmrelease", "{}"}}) {
      const auto made = run(host->create({name, plugin, settings, {}, {}}));
      ASSERT_TRUE(made) << made.error().message;
    }
    auto described = run(describe_kinds(*host));
    ASSERT_TRUE(described) << described.error().message;
    kinds = std::make_shared<std::vector<WorkloadKind>>(std::move(*described));
    watch_at_most(ClusterRollouts::most_watching);
  }
  void TearDown() override {
    rollouts->stop();
    run(host->shut_down(std::chrono::milliseconds(100)));
    http->shut_down();
    run(server->drain(std::chrono::milliseconds(100)));
  }

  void watch_at_most(std::size_t most) {
    rollouts = std::make_unique<ClusterRollouts>(executor(), client(), kinds, most);
    rollouts->connect([this](const inventory::WorkloadKey& key, const Result<update::RolloutView>& view) {
      seen[key.name].push_back(view);
    });
  }

  // An Argo Rollout of that name, whose controller has seen its third generation, as it writes it: as a text.
  inventory::Workload rollout(const std::string& name) {
    const Json object{{"apiVersion", "argoproj.io/v1alpha1"},
                      {"kind", "Rollout"},
                      {"metadata", {{"name", name}, {"namespace", "shop"}, {"uid", name}, {"generation", 3}}},
                      {"spec",
                       {{"replicas", 1},
                        {"selector", {{"matchLabels", {{"app", name}}}}},
                        {"template", {{"spec", {{"containers", {{{"name", "app"}, {"image", "app:2"}}}}}}}}}},
                      {"status", {{"observedGeneration", "3"}, {"currentPodHash", "new"}, {"phase", "Progressing"}}}};
    inventory::Workload workload;
    workload.key = {"Rollout", "shop", name};
    workload.api_version = "argoproj.io/v1alpha1", workload.plural = "rollouts", workload.uid = name;
    objects[workload.path()] = object.dump();
    const Json set{{"metadata", {{"uid", "set-" + name}, {"ownerReferences", {{{"uid", name}}}}}},
                   {"spec", {{"template", Json::object()}}}};
    lists["/apis/apps/v1/namespaces/shop/replicasets"][name] = {Json::array({set})};
    lists[pods][name] = {Json::array()};
    return workload;
  }
  static Json pod(const std::string& of, const std::string& name, bool crashes, const std::string& hash = "new") {
    const Json running{{"running", Json::object()}};
    const Json waiting{{"waiting", {{"reason", "CrashLoopBackOff"}, {"message", "back-off 10s"}}}};
    return {
        {"metadata",
         {{"name", name},
          {"uid", name},
          {"creationTimestamp", "2026-01-01T00:00:00Z"},
          {"labels", {{"app", of}, {"rollouts-pod-template-hash", hash}}},
          {"ownerReferences", {{{"uid", "set-" + of}, {"controller", true}}}}}},
        {"spec", {{"containers", {{{"name", "app"}, {"image", "app:2"}}}}}},
        {"status",
         {{"phase", "Running"},
          {"conditions", {{{"type", "Ready"}, {"status", crashes ? "False" : "True"}}}},
          {"containerStatuses",
           {{{"name", "app"}, {"ready", !crashes}, {"restartCount", 1}, {"state", crashes ? waiting : running}}}}}}};
  }
  bool saw(const std::string& name, State state) {
    return std::any_of(seen[name].begin(), seen[name].end(),
                       [&](const auto& view) { return view && view->state == state; });
  }
  std::size_t failures(const std::string& name) {
    return static_cast<std::size_t>(
        std::count_if(seen[name].begin(), seen[name].end(), [](const auto& view) { return !view; }));
  }
  std::size_t asked_for_pods(const std::string& of) const {
    return static_cast<std::size_t>(std::count_if(requests.begin(), requests.end(), [&](const auto& request) {
      return request.path == pods && request.query.find("app%3D" + of) != std::string::npos;
    }));
  }

  const std::string pods = "/api/v1/namespaces/shop/pods";
  std::map<std::string, std::string> objects;
  std::map<std::string, std::map<std::string, std::vector<Json>>> lists;  // by path and app: the pages
  std::set<std::string> refused, unwatchable;                             // paths
  std::map<std::string, std::vector<Result<update::RolloutView>>> seen;
  std::unique_ptr<plugin::Host> host;
  Kinds kinds;
  std::unique_ptr<ClusterRollouts> rollouts;

 private:
  net::ServerResponse serve_objects(const net::ServerRequest& request) {
    using kube::test::answer, kube::test::status_body;
    if (const auto object = objects.find(request.path); object != objects.end()) return answer(200, object->second);
    const auto list = lists.find(request.path);
    if (list == lists.end()) return answer(404, status_body(404, "NotFound", "there is none"));
    if (refused.contains(request.path)) return answer(403, status_body(403, "Forbidden", "User may not list pods"));
    if (request.query.find("watch=true") != std::string::npos)
      return unwatchable.contains(request.path) ? answer(500, status_body(500, "InternalError", "no watch today"))
                                                : kube::test::watch_of({}, true);
    for (const auto& [app, pages] : list->second) {
      if (request.query.find("app%3D" + app) == std::string::npos) continue;
      const auto token = request.query.find("continue=page");
      const std::size_t page =
          token == std::string::npos ? 0 : std::strtoul(request.query.c_str() + token + 13, nullptr, 10);
      Json body{{"metadata", {{"resourceVersion", "5"}}}, {"items", pages[page]}};
      if (page + 1 < pages.size()) body["metadata"]["continue"] = "page" + std::to_string(page + 1);
      return answer(200, body.dump());
    }
    return answer(200, R"({"metadata":{"resourceVersion":"5"},"items":[]})");
  }
};

TEST_F(RolloutsTest, pods_of_a_kind_whose_generation_is_a_text_are_watched) {
  const inventory::Workload web = rollout("web");
  lists[pods]["web"] = {Json::array({pod("web", "web-1", true)})};
  rollouts->follow(web);
  ASSERT_TRUE(until([&] { return saw("web", State::failed); }));
  EXPECT_THAT(seen["web"].back()->reason, HasSubstr("CrashLoopBackOff"));
}

// The answer to our patch is understood by a plugin first; the watch may tell of what came after it meanwhile.
TEST_F(RolloutsTest, an_answer_that_is_read_late_does_not_hide_what_the_watch_brought) {
  const auto as_of = [&](const inventory::Workload& workload, const char* version, const char* observed) {
    Json object = Json::parse(objects[workload.path()]);
    object["metadata"]["resourceVersion"] = version;
    object["status"]["observedGeneration"] = observed;
    return object.dump();
  };
  for (const bool followed : {false, true}) {
    inventory::Workload web = rollout(followed ? "followed" : "new");
    const std::string answer = as_of(web, "8", "2"), later = as_of(web, "9", "3");
    objects[web.path()] = answer;  // whoever asked would see nothing new
    web.resource_version = "8";
    lists[pods][web.key.name] = {Json::array({pod(web.key.name, "a-pod", true)})};
    if (followed) {
      rollouts->follow(web);
      ASSERT_TRUE(until([&] { return saw(web.key.name, State::running); }));
    }
    rollouts->patching(web.key);
    rollouts->changed(web.key, "9", later);
    rollouts->patched(web.key, "8", answer);
    rollouts->follow(web);
    EXPECT_TRUE(until([&] { return saw(web.key.name, State::failed); })) << followed;
  }
}

TEST_F(RolloutsTest, a_look_sees_every_page_of_the_pods) {
  const inventory::Workload web = rollout("web");
  lists[pods]["web"] = {Json::array({pod("web", "old", false, "before")}), Json::array({pod("web", "web-1", true)})};
  const auto view = run(rollouts->look(web));
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->state, State::failed) << view->reason;
}

TEST_F(RolloutsTest, pods_that_may_not_be_listed_are_told) {
  refused.insert(pods);
  rollouts->follow(rollout("web"));
  ASSERT_TRUE(until([&] { return failures("web") > 0; }));
  EXPECT_THAT(seen["web"].back().error().message, HasSubstr("its pods: "));
  EXPECT_EQ(seen["web"].back().error().code, Code::denied);
  refused.clear();
  EXPECT_TRUE(until([&] { return saw("web", State::running); })) << "it goes on looking";
}

TEST_F(RolloutsTest, a_watch_that_breaks_is_told_and_somebody_looks_instead) {
  unwatchable.insert(pods);
  rollouts->follow(rollout("web"));
  ASSERT_TRUE(until([&] { return failures("web") > 0; }));
  lists[pods]["web"] = {Json::array({pod("web", "web-1", true)})};  // no watch tells of it
  EXPECT_TRUE(until([&] { return saw("web", State::failed); }));
}

TEST_F(RolloutsTest, only_so_many_watch_their_pods_at_once_and_the_others_are_looked_at_without) {
  watch_at_most(1);
  const inventory::Workload first = rollout("first"), second = rollout("second");
  rollouts->follow(first);
  ASSERT_TRUE(until([&] { return saw("first", State::running); }));
  rollouts->follow(second);
  ASSERT_TRUE(until([&] { return saw("second", State::running); }));
  EXPECT_GT(asked_for_pods("first"), 0U);
  EXPECT_EQ(asked_for_pods("second"), 0U);
  rollouts->leave(first.key);
  EXPECT_TRUE(until([&] { return asked_for_pods("second") > 0; })) << "it is its turn";
}

TEST_F(RolloutsTest, a_release_that_is_suspended_and_resumed_is_the_same_rollout) {
  Json release{{"apiVersion", "helm.toolkit.fluxcd.io/v2"},
               {"kind", "HelmRelease"},
               {"metadata", {{"name", "web"}, {"namespace", "shop"}, {"generation", 2}}},
               {"spec",
                {{"interval", "5m"},
                 {"chart", {{"spec", {{"chart", "podinfo"}, {"version", "6.5.4"}, {"interval", "1m"}}}}},
                 {"values", {{"replicas", 1}}}}}};
  const WorkloadKind kind = *find_kind(kinds, "HelmRelease");
  const auto look_at = [&] {
    const std::string text = release.dump();
    return *run(read_view(kind, text, *facts_of_rollout(kind, text), {}));
  };
  const update::RolloutView before = look_at();
  release["spec"]["suspend"] = true;
  EXPECT_EQ(look_at().state, State::held);
  EXPECT_EQ(look_at().revision, before.revision);
  release["spec"]["suspend"] = false;
  release["spec"]["timeout"] = "1m";
  release["spec"]["upgrade"] = {{"remediation", {{"retries", 3}}}};
  release["spec"]["chart"]["spec"]["interval"] = "10m";
  EXPECT_EQ(look_at().revision, before.revision);
  release["spec"]["values"]["replicas"] = 2;
  EXPECT_NE(look_at().revision, before.revision) << "this is another release";
}

}  // namespace
}  // namespace headwind::app
