// SPDX-License-Identifier: Apache-2.0
// Workloads that another controller writes, too, as the real API server records who wrote what.
#include "rollout_fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;

class Ownership : public Rollouts {
 protected:
  // Applied on the server's side, as GitOps controllers do: its managedFields say by whom.
  void apply(const std::string& name, const std::string& manager) const {
    Json annotations;
    for (const auto& [key, value] : automatic()) annotations["headwind.sh/" + key] = value;
    const Json labels{{"app", name}};
    const Json pod{{"nodeName", "node-0"}, {"containers", {{{"name", "app"}, {"image", image("1.0.0")}}}}};
    const Json object{
        {"apiVersion", "apps/v1"},
        {"kind", "Deployment"},
        {"metadata", {{"name", name}, {"annotations", annotations}}},
        {"spec",
         {{"selector", {{"matchLabels", labels}}}, {"template", {{"metadata", {{"labels", labels}}}, {"spec", pod}}}}}};
    const auto made =
        plane().call("PATCH", path_of("Deployment", space, name) + "?fieldManager=" + manager + "&force=true",
                     object.dump(), {}, "application/apply-patch+yaml");
    ASSERT_TRUE(made.ok()) << made.body;
    ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", space, name); })) << name;
  }
  std::string told_event(const std::string& name, const std::string& reason) const {
    eventually([&] { return !events_about(space, name, reason).empty(); });
    const auto all = events_about(space, name, reason);
    return all.empty() ? "" : all.front();
  }
};

TEST_F(Ownership, what_a_GitOps_controller_applied_is_held_though_it_left_no_label) {
  registry().push(repository(), "1.0.0");
  start();
  apply("argo", "argocd-controller");
  apply("flux", "kustomize-controller");
  EXPECT_THAT(told_event("argo", "ManagedElsewhere"), HasSubstr("Argo CD application"));
  EXPECT_THAT(told_event("flux", "ManagedElsewhere"), HasSubstr("Flux Kustomization"));
  push("1.1.0");
  EXPECT_TRUE(eventually([] { return inbox().empty(); }));
  for (const char* name : {"argo", "flux"}) EXPECT_EQ(image_of(workload(name)), image("1.0.0")) << name;
}

TEST_F(Ownership, of_what_Helm_installed_the_first_update_warns) {
  run_first(automatic(), "Deployment", [](Json& object) {
    object["metadata"]["labels"]["app.kubernetes.io/managed-by"] = "Helm";
    object["metadata"]["annotations"]["meta.helm.sh/release-name"] = "shop";
    object["metadata"]["annotations"]["meta.helm.sh/release-namespace"] = "prod";
  });
  push("1.1.0");
  ASSERT_TRUE(runs(image("1.1.0")));
  EXPECT_THAT(told_event("web", "ManagedByHelm"), HasSubstr("Helm release prod/shop"));
}

TEST_F(Ownership, updates_rest_once_the_second_one_was_reverted) {
  Annotations forced = automatic();
  forced.emplace_back("force-ownership", "true");
  run_first(forced);
  std::size_t reverted = 0;
  for (const char* tag : {"1.1.0", "1.2.0"}) {
    push(tag);
    ASSERT_TRUE(runs(image(tag)));
    kubectl({"-n", space, "set", "image", "deployment/web", "app=" + image("1.0.0"),
             "--field-manager=kustomize-controller"});
    ++reverted;
    ASSERT_TRUE(eventually([&] {
      const std::vector<Json> all = requests(space);
      return std::count_if(all.begin(), all.end(), [](const Json& one) { return phase_of(one) == "RolledBack"; }) ==
             static_cast<std::ptrdiff_t>(reverted);
    })) << Json(requests(space));
  }
  push("1.3.0");
  const std::string rests = told_event("web", "UpdatesRest");
  EXPECT_THAT(rests, HasSubstr("its last updates were undone by Flux Kustomization; updates rest until "));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
}

}  // namespace
}  // namespace headwind::end_to_end
