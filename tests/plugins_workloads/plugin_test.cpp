// SPDX-License-Identifier: Apache-2.0
// The four shared objects, through their C tables.
#include <gmock/gmock.h>
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>

#include "plugins_workloads/deployment_world.hpp"

namespace headwind::workloads {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Loaded {
 public:
  explicit Loaded(const std::string& kind)
      : plugin_(host_, hw::testing::load(std::string(WORKLOAD_PLUGINS) + "/headwind-workload-" + kind + ".so")) {
    EXPECT_EQ(plugin_.status(), HW_OK);
  }

  // "apps/v1/deployments Deployment", then its companions.
  std::vector<std::string> describe() {
    std::vector<std::string> out;
    const hw_target_sink sink{sizeof(hw_target_sink), 0, &out, [](void* ctx, const hw_target* target) -> hw_status {
                                auto& rows = *static_cast<std::vector<std::string>*>(ctx);
                                rows.push_back(text(target->group) + "/" + target->versions[0] + "/" +
                                               text(target->plural) + " " + text(target->kind));
                                for (auto* one = target->companions; *one; ++one) rows.emplace_back(*one);
                                return HW_OK;
                              }};
    EXPECT_EQ(api().describe(plugin_.self(), host_.call(), &sink), HW_OK);
    return out;
  }
  // "slot reference pointer" of each image.
  std::vector<std::string> images(const std::string& object) {
    std::vector<std::string> out;
    const hw_image_sink sink{sizeof(hw_image_sink), 0, &out, [](void* ctx, const hw_image* image) -> hw_status {
                               static_cast<std::vector<std::string>*>(ctx)->push_back(
                                   text(image->slot) + " " + text(image->reference) + " " + text(image->pointer));
                               return HW_OK;
                             }};
    status = api().images(plugin_.self(), host_.call(), hw::str(object), nullptr, 0, &sink);
    return out;
  }
  hw_rollout rollout(const std::string& object, const Texts& companions) {
    std::vector<hw_str> rows;
    for (const std::string& one : companions) rows.push_back(hw::str(one));
    reason.clear();
    hw_rollout out{sizeof(hw_rollout), -1, -1, -1};
    const hw_sink sink{this, [](void* ctx, hw_str chunk) -> hw_status {
                         static_cast<Loaded*>(ctx)->reason += text(chunk);
                         return HW_OK;
                       }};
    status = api().rollout(plugin_.self(), host_.call(), hw::str(object), rows.data(), rows.size(), &out, &sink);
    return out;
  }
  std::string failure() const { return host_.failures.empty() ? "" : host_.failures.back().message; }

  hw_status status = HW_OK;
  std::string reason;

 private:
  static std::string text(hw_str value) { return std::string(hw::view(value)); }
  const hw_workload_api& api() const { return *plugin_.api<hw_workload_api>(); }

  hw::testing::fake_host host_;
  hw::testing::instance plugin_;
};

constexpr const char* templates = R"({"spec":{"containers":[{"name":"app","image":"ghcr.io/acme/web:2"}],
  "initContainers":[{"name":"migrate","image":"ghcr.io/acme/db:2"}]}})";

TEST(WorkloadPlugins, say_what_they_serve) {
  EXPECT_THAT(Loaded("deployment").describe(),
              ElementsAre("apps/v1/deployments Deployment", "apps/v1/replicasets", "v1/pods"));
  EXPECT_THAT(Loaded("statefulset").describe(), ElementsAre("apps/v1/statefulsets StatefulSet", "v1/pods"));
  EXPECT_THAT(Loaded("daemonset").describe(), ElementsAre("apps/v1/daemonsets DaemonSet", "v1/pods"));
  EXPECT_THAT(Loaded("cronjob").describe(), ElementsAre("batch/v1/cronjobs CronJob"));
  EXPECT_THAT(Loaded("helmrelease").describe(), ElementsAre("helm.toolkit.fluxcd.io/v2/helmreleases HelmRelease"));
}

TEST(WorkloadPlugins, list_containers_and_init_containers) {
  for (const char* kind : {"deployment", "statefulset", "daemonset"}) {
    EXPECT_THAT(Loaded(kind).images(std::string(R"({"spec":{"template":)") + templates + "}}"),
                ElementsAre("containers/app ghcr.io/acme/web:2 /spec/template/spec/containers/0/image",
                            "initContainers/migrate ghcr.io/acme/db:2 /spec/template/spec/initContainers/0/image"));
  }
  EXPECT_THAT(
      Loaded("cronjob").images(std::string(R"({"kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":)") +
                               templates + "}}}}"),
      ElementsAre(
          "containers/app ghcr.io/acme/web:2 /spec/jobTemplate/spec/template/spec/containers/0/image",
          "initContainers/migrate ghcr.io/acme/db:2 /spec/jobTemplate/spec/template/spec/initContainers/0/image"));
}

TEST(WorkloadPlugins, refuse_an_object_of_another_kind_with_a_sentence) {
  Loaded cronjob("cronjob");
  EXPECT_THAT(cronjob.images(R"({"kind":"Job"})"), IsEmpty());
  EXPECT_EQ(cronjob.status, HW_INVALID);
  EXPECT_EQ(cronjob.failure(), "the object is a Job, not a CronJob");
}

TEST(WorkloadPlugins, a_deployment_is_judged_with_its_companions) {
  Loaded deployment("deployment");
  const std::string object = deployment_json(1, 4, 3).dump();
  EXPECT_EQ(deployment.rollout(object, {}).state, HW_ROLLOUT_RUNNING);
  EXPECT_EQ(deployment.status, HW_OK);
  const hw_rollout out = deployment.rollout(object, with_sets({old_pod("x"), new_pod("a").containers({running("app")}),
                                                               new_pod("b").containers({crashing("app")})}));
  EXPECT_EQ(out.state, HW_ROLLOUT_FAILED);
  EXPECT_EQ(out.ready, 1);
  EXPECT_EQ(out.wanted, 3);
  EXPECT_EQ(deployment.reason,
            "pod web-2bb-b: container app: CrashLoopBackOff: back-off 10s restarting failed container (exit code 1, 3 "
            "restarts)");
  EXPECT_EQ(deployment.rollout(deployment_json(3, 3, 3).dump(), {"junk"}).state, HW_ROLLOUT_DONE);
}

TEST(WorkloadPlugins, held_reaches_the_host) {
  const std::string zero = deployment_json(0, 0, 0, 0).dump();
  EXPECT_EQ(Loaded("deployment").rollout(zero, {}).state, HW_ROLLOUT_HELD);
  EXPECT_EQ(Loaded("statefulset").rollout(zero, {}).state, HW_ROLLOUT_HELD);
  EXPECT_EQ(Loaded("daemonset").rollout(zero, {}).state, HW_ROLLOUT_HELD);
}

TEST(WorkloadPlugins, a_rollout_of_what_is_no_object_is_refused_with_a_sentence) {
  for (const char* kind : {"deployment", "statefulset", "daemonset"}) {
    Loaded plugin(kind);
    plugin.rollout("[]", {});
    EXPECT_EQ(plugin.status, HW_INVALID);
    EXPECT_FALSE(plugin.failure().empty());
  }
}

TEST(WorkloadPlugins, a_cronjob_has_no_rollout_to_follow) {
  Loaded cronjob("cronjob");
  cronjob.rollout(R"({"kind":"CronJob"})", {});
  EXPECT_EQ(cronjob.status, HW_UNSUPPORTED);
}

}  // namespace
}  // namespace headwind::workloads
