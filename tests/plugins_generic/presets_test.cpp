// SPDX-License-Identifier: Apache-2.0
// Each preset, on objects as their controllers leave them.
#include <gmock/gmock.h>

#include "plugins_generic/loaded.hpp"
#include "plugins_workloads/pod_world.hpp"

namespace headwind::workloads::generic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Json templates(const std::string& image) {
  return {{"metadata", {{"labels", {{"app", "web"}}}}},
          {"spec",
           {{"containers", {{{"name", "web"}, {"image", image}, {"ports", {{{"containerPort", 8080}}}}}}},
            {"initContainers", {{{"name", "migrate"}, {"image", "ghcr.io/acme/db:4"}}}}}}};
}

Json object_of(const std::string& api_version, const std::string& kind, Json spec, Json status) {
  return {{"apiVersion", api_version},
          {"kind", kind},
          {"metadata", {{"name", "web"}, {"namespace", "shop"}, {"uid", "me"}, {"generation", 7}}},
          {"spec", std::move(spec)},
          {"status", std::move(status)}};
}

// A canary, observed; the generation is a text.
Json argo(const std::string& phase, const std::string& message = "", const std::string& observed = "7") {
  Json status = {{"observedGeneration", observed},
                 {"phase", phase},
                 {"replicas", 5},
                 {"updatedReplicas", 1},
                 {"readyReplicas", 5},
                 {"availableReplicas", 5},
                 {"currentPodHash", "6cf78c66c5"},
                 {"stableRS", "5df8d4bd9"},
                 {"currentStepIndex", 1},
                 {"controllerPause", phase == "Paused"}};
  if (!message.empty()) status["message"] = message;
  return object_of("argoproj.io/v1alpha1", "Rollout",
                   {{"replicas", 5},
                    {"selector", {{"matchLabels", {{"app", "web"}}}}},
                    {"strategy", {{"canary", {{"steps", {{{"setWeight", 20}}, {{"pause", Json::object()}}}}}}}},
                    {"template", templates("ghcr.io/acme/web:2")}},
                   std::move(status));
}

TEST(ArgoRollout, has_the_images_of_its_template) {
  Loaded plugin = Loaded::with_preset("argo-rollout");
  EXPECT_THAT(plugin.describe(),
              ElementsAre("argoproj.io/v1alpha1/rollouts Rollout", "v1/pods", "apps/v1/replicasets"));
  EXPECT_THAT(plugin.images(argo("Healthy").dump()),
              ElementsAre("containers/web ghcr.io/acme/web:2", "initContainers/migrate ghcr.io/acme/db:4"));
  EXPECT_THAT(plugin.images(R"({"kind":"Rollout","spec":{"workloadRef":{"kind":"Deployment","name":"web"}}})"),
              IsEmpty());
}

TEST(ArgoRollout, is_judged_by_its_phase) {
  Loaded plugin = Loaded::with_preset("argo-rollout");
  EXPECT_EQ(plugin.rollout(argo("Healthy").dump()), "done");
  EXPECT_EQ(plugin.rollout(argo("Progressing", "more replicas need to be updated").dump()), "running");
  EXPECT_EQ(plugin.reason, "$.status.phase is Progressing, not Healthy; more replicas need to be updated");
  EXPECT_EQ(plugin.rollout(argo("Degraded", "RolloutAborted: metric \"errors\" assessed Failed").dump()), "failed");
  EXPECT_EQ(plugin.reason, "$.status.phase is Degraded; RolloutAborted: metric \"errors\" assessed Failed");
  EXPECT_EQ(plugin.rollout(argo("Paused", "CanaryPauseStep").dump()), "held");
  EXPECT_EQ(plugin.reason, "$.status.phase is Paused; CanaryPauseStep");
}

TEST(ArgoRollout, a_phase_of_an_older_generation_does_not_count) {
  Loaded plugin = Loaded::with_preset("argo-rollout");
  for (const char* phase : {"Healthy", "Degraded", "Paused"})
    EXPECT_EQ(plugin.rollout(argo(phase, "", "6").dump()), "running") << phase;
  Json fresh = argo("Healthy");
  fresh.erase("status");
  EXPECT_EQ(plugin.rollout(fresh.dump()), "running");
}

TEST(ArgoRollout, paused_by_its_owner_or_scaled_to_zero_it_proves_nothing) {
  Loaded plugin = Loaded::with_preset("argo-rollout");
  Json paused = argo("Healthy", "", "6");
  paused["spec"]["paused"] = true;
  EXPECT_EQ(plugin.rollout(paused.dump()), "held");
  Json zero = argo("Healthy");
  zero["spec"]["replicas"] = 0;
  EXPECT_EQ(plugin.rollout(zero.dump()), "held");
}

TEST(ArgoRollout, a_canary_pod_that_crashes_is_a_failure_before_Argo_says_so) {
  Loaded plugin = Loaded::with_preset("argo-rollout");
  const auto set = [](const std::string& hash) {
    return Json{{"metadata",
                 {{"name", "web-" + hash},
                  {"uid", "rs-" + hash},
                  {"ownerReferences", {{{"kind", "Rollout"}, {"uid", "me"}, {"controller", true}}}}}},
                {"spec", {{"template", Json::object()}}}}
        .dump();
  };
  const auto pod = [](const std::string& hash) {
    return PodJson("web-" + hash + "-x").owner("ReplicaSet", "rs-" + hash).label("rollouts-pod-template-hash", hash);
  };
  const std::string canary = pod("6cf78c66c5").containers({crashing("web")}).text();
  const std::string stable = pod("5df8d4bd9").containers({crashing("web")}).text();
  for (const char* phase : {"Progressing", "Paused"}) {
    EXPECT_EQ(plugin.rollout(argo(phase).dump(), {set("6cf78c66c5"), set("5df8d4bd9"), canary}), "failed");
    EXPECT_THAT(plugin.reason, HasSubstr("pod web-6cf78c66c5-x: container web: CrashLoopBackOff"));
  }
  EXPECT_EQ(plugin.rollout(argo("Progressing").dump(), {set("6cf78c66c5"), set("5df8d4bd9"), stable}), "running");
}

Json knative(const std::string& ready, const std::string& configurations, const std::string& reason = "",
             const std::string& ready_revision = "web-00002") {
  const auto condition = [&](const char* type, const std::string& status) {
    Json out = {{"type", type}, {"status", status}, {"lastTransitionTime", "2024-05-01T10:00:12Z"}};
    if (status != "True" && !reason.empty())
      out["reason"] = reason, out["message"] = "Revision \"web-00002\" failed with message: no such image.";
    return out;
  };
  return object_of(
      "serving.knative.dev/v1", "Service",
      {{"template",
        {{"spec",
          {{"containerConcurrency", 0}, {"containers", templates("ghcr.io/acme/web:2")["spec"]["containers"]}}}}},
       {"traffic", {{{"latestRevision", true}, {"percent", 100}}}}},
      {{"observedGeneration", 7},
       {"latestCreatedRevisionName", "web-00002"},
       {"latestReadyRevisionName", ready_revision},
       {"conditions",
        {condition("ConfigurationsReady", configurations), condition("Ready", ready),
         condition("RoutesReady", ready)}}});
}

TEST(KnativeService, is_judged_by_its_conditions) {
  Loaded plugin = Loaded::with_preset("knative-service");
  EXPECT_THAT(plugin.describe(), ElementsAre("serving.knative.dev/v1/services Service"));
  EXPECT_THAT(plugin.images(knative("True", "True").dump()), ElementsAre("containers/web ghcr.io/acme/web:2"));
  EXPECT_EQ(plugin.rollout(knative("True", "True").dump()), "done");
  EXPECT_EQ(plugin.rollout(knative("Unknown", "Unknown", "", "web-00001").dump()), "running");
  EXPECT_EQ(plugin.rollout(knative("False", "False", "RevisionFailed", "web-00001").dump()), "failed");
  EXPECT_EQ(
      plugin.reason,
      "condition ConfigurationsReady is False: RevisionFailed: Revision \"web-00002\" failed with message: no such "
      "image.");
}

TEST(KnativeService, trouble_of_its_route_is_no_failure_of_the_image) {
  Loaded plugin = Loaded::with_preset("knative-service");
  EXPECT_EQ(plugin.rollout(knative("False", "True", "IngressNotConfigured").dump()), "running");
  EXPECT_THAT(plugin.reason, HasSubstr("condition Ready is False: IngressNotConfigured"));
}

TEST(KnativeService, what_it_says_of_an_older_generation_does_not_count) {
  Loaded plugin = Loaded::with_preset("knative-service");
  for (Json object : {knative("True", "True"), knative("False", "False", "RevisionFailed")}) {
    object["metadata"]["generation"] = 8;
    EXPECT_EQ(plugin.rollout(object.dump()), "running");
  }
}

Json cnpg(const std::string& phase, int ready = 3,
          const std::string& image = "ghcr.io/cloudnative-pg/postgresql:17.2") {
  return object_of("postgresql.cnpg.io/v1", "Cluster",
                   {{"instances", 3},
                    {"imageName", "ghcr.io/cloudnative-pg/postgresql:17.2"},
                    {"primaryUpdateStrategy", "unsupervised"},
                    {"storage", {{"size", "1Gi"}}}},
                   {{"phase", phase},
                    {"phaseReason", "because"},
                    {"image", image},
                    {"instances", 3},
                    {"readyInstances", ready},
                    {"currentPrimary", "web-1"},
                    {"conditions", {{{"type", "Ready"}, {"status", "True"}, {"reason", "ClusterIsReady"}}}}});
}

TEST(CnpgCluster, has_one_image) {
  Loaded plugin = Loaded::with_preset("cnpg-cluster");
  EXPECT_THAT(plugin.describe(), ElementsAre("postgresql.cnpg.io/v1/clusters Cluster"));
  EXPECT_THAT(plugin.images(cnpg("Cluster in healthy state").dump()),
              ElementsAre("postgres ghcr.io/cloudnative-pg/postgresql:17.2"));
  EXPECT_THAT(plugin.images(R"({"kind":"Cluster","spec":{"imageCatalogRef":{"major":17}}})"), IsEmpty());
}

TEST(CnpgCluster, is_judged_by_its_phase_and_the_image_that_its_status_names) {
  Loaded plugin = Loaded::with_preset("cnpg-cluster");
  EXPECT_EQ(plugin.rollout(cnpg("Cluster in healthy state").dump()), "done");
  EXPECT_EQ(plugin.reason, "3 of 3 replicas are ready");
  EXPECT_EQ(plugin.rollout(cnpg("Cluster in healthy state", 3, "ghcr.io/cloudnative-pg/postgresql:17.1").dump()),
            "running");
  EXPECT_EQ(plugin.rollout(cnpg("Cluster in healthy state", 2).dump()), "running");
  EXPECT_EQ(plugin.reason, "$.status.readyInstances is 2, less than $.spec.instances (3)");
  EXPECT_EQ(plugin.rollout(cnpg("Upgrading cluster", 2).dump()), "running");
  EXPECT_EQ(plugin.rollout(cnpg("Waiting for user action").dump()), "held");
  EXPECT_EQ(plugin.rollout(cnpg("Cluster is unrecoverable and needs manual intervention", 0).dump()), "failed");
  EXPECT_EQ(plugin.reason, "$.status.phase is Cluster is unrecoverable and needs manual intervention; because");
}

TEST(CnpgCluster, hibernated_it_proves_nothing) {
  Json object = cnpg("Cluster in healthy state", 0);
  object["status"]["conditions"].push_back(
      {{"type", "cnpg.io/hibernation"}, {"status", "True"}, {"reason", "Hibernated"}});
  EXPECT_EQ(Loaded::with_preset("cnpg-cluster").rollout(object.dump()), "held");
}

Json clone_set(int updated, int available, int expected = 3) {
  Json status = {{"observedGeneration", 7},
                 {"replicas", 3},
                 {"readyReplicas", 3},
                 {"availableReplicas", 3},
                 {"updatedReplicas", updated},
                 {"updatedReadyReplicas", available},
                 {"updateRevision", "web-6f8b9"},
                 {"currentRevision", "web-5c4d2"},
                 {"labelSelector", "app=web"}};
  if (available > 0) status["updatedAvailableReplicas"] = available;
  if (expected > 0) status["expectedUpdatedReplicas"] = expected;
  return object_of(
      "apps.kruise.io/v1beta1", "CloneSet",
      {{"replicas", 3},
       {"selector", {{"matchLabels", {{"app", "web"}}}}},
       {"updateStrategy", {{"type", "RollingUpdate"}, {"rollingUpdate", {{"podUpdatePolicy", "InPlaceIfPossible"}}}}},
       {"template", templates("ghcr.io/acme/web:2")}},
      std::move(status));
}

TEST(OpenKruiseCloneSet, is_judged_by_its_counts) {
  Loaded plugin = Loaded::with_preset("openkruise-cloneset");
  EXPECT_THAT(plugin.describe(), ElementsAre("apps.kruise.io/v1beta1/clonesets CloneSet", "v1/pods"));
  EXPECT_THAT(plugin.images(clone_set(3, 3).dump()),
              ElementsAre("containers/web ghcr.io/acme/web:2", "initContainers/migrate ghcr.io/acme/db:4"));
  EXPECT_EQ(plugin.rollout(clone_set(3, 3).dump()), "done");
  EXPECT_EQ(plugin.rollout(clone_set(1, 1).dump()), "running");
  EXPECT_EQ(plugin.rollout(clone_set(3, 0).dump()), "running");
  EXPECT_EQ(plugin.rollout(clone_set(1, 1, 1).dump()), "done");
}

TEST(OpenKruiseCloneSet, paused_OnDelete_or_kept_by_its_partition_it_proves_nothing) {
  Loaded plugin = Loaded::with_preset("openkruise-cloneset");
  Json paused = clone_set(1, 1);
  paused["spec"]["updateStrategy"]["rollingUpdate"]["paused"] = true;
  EXPECT_EQ(plugin.rollout(paused.dump()), "held");
  Json former = clone_set(1, 1);  // as v1alpha1 serves it
  former["spec"]["updateStrategy"] = {{"type", "ReCreate"}, {"paused", true}};
  EXPECT_EQ(plugin.rollout(former.dump()), "held");
  Json by_hand = clone_set(0, 0);
  by_hand["spec"]["updateStrategy"] = {{"type", "OnDelete"}};
  EXPECT_EQ(plugin.rollout(by_hand.dump()), "held");
  EXPECT_EQ(plugin.rollout(clone_set(0, 0, 0).dump()), "held");
}

TEST(OpenKruiseCloneSet, fails_with_its_pods_and_at_its_deadline) {
  Loaded plugin = Loaded::with_preset("openkruise-cloneset");
  const auto pod = [](const std::string& revision) {
    return PodJson("web-x")
        .owner("CloneSet", "me")
        .label("controller-revision-hash", revision)
        .containers({crashing("web")})
        .text();
  };
  EXPECT_EQ(plugin.rollout(clone_set(1, 0).dump(), {pod("web-6f8b9")}), "failed");
  EXPECT_EQ(plugin.rollout(clone_set(1, 0).dump(), {pod("web-5c4d2")}), "running");
  Json late = clone_set(1, 0);
  late["status"]["conditions"] = Json::array({{{"type", "Progressing"},
                                               {"status", "False"},
                                               {"reason", "ProgressDeadlineExceeded"},
                                               {"message", "CloneSet revision web-6f8b9 has timed out progressing"}}});
  EXPECT_EQ(plugin.rollout(late.dump()), "failed");
  EXPECT_THAT(plugin.reason, HasSubstr("has timed out progressing"));
}

}  // namespace
}  // namespace headwind::workloads::generic
