// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/settings.hpp"

#include <gmock/gmock.h>

#include "plugins_generic/settings_of.hpp"

namespace headwind::workloads::generic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* image = R"({"path":"$.spec.image"})";

std::string refused_image(const std::string& object) {
  return refusal([&] { widget(object); });
}
std::string refused(const std::string& more) {
  return refusal([&] { widget(image, more); });
}

TEST(GenericSettings, describe_the_kind) {
  const Settings settings = widget(image);
  EXPECT_EQ(settings.target.group, "example.com");
  EXPECT_EQ(settings.target.kind, "Widget");
  EXPECT_EQ(settings.target.plural, "widgets");
  EXPECT_THAT(settings.target.versions, ElementsAre("v1"));
  EXPECT_TRUE(settings.target.companions.empty());
}

TEST(GenericSettings, a_preset_fills_them_in_and_own_members_take_its_place) {
  const Settings all = read_settings(hw::config(R"({"preset":"openkruise-cloneset"})"));
  EXPECT_EQ(all.target.plural, "clonesets");
  EXPECT_THAT(all.target.companions, ElementsAre("v1/pods"));
  EXPECT_EQ(all.images.size(), 2U);
  const Settings own = read_settings(
      hw::config(R"({"preset":"openkruise-cloneset","versions":["v1alpha1"],"images":[{"path":"$.spec.image"}]})"));
  EXPECT_EQ(own.target.plural, "clonesets");
  EXPECT_THAT(own.target.versions, ElementsAre("v1alpha1"));
  EXPECT_EQ(own.images.size(), 1U);
}

TEST(GenericSettings, pods_behind_replica_sets_need_both_as_companions) {
  EXPECT_THAT(read_settings(hw::config(R"({"preset":"argo-rollout"})")).target.companions,
              ElementsAre("v1/pods", "apps/v1/replicasets"));
}

TEST(GenericSettings, what_is_missing_is_named_with_the_way_out) {
  const std::string nothing = refusal([] { read_settings(hw::config("{}")); });
  EXPECT_EQ(nothing,
            "settings.group: it is missing; name it, or choose a preset (argo-rollout, cnpg-cluster, knative-service, "
            "openkruise-cloneset)");
  EXPECT_THAT(refusal([] { read_settings(hw::config(R"({"preset":"argo"})")); }),
              HasSubstr("settings.preset: argo is none: choose argo-rollout, "));
}

TEST(GenericSettings, a_bad_path_is_named_with_its_field) {
  EXPECT_THAT(refused_image(R"({"path":"spec.image"})"), HasSubstr("settings.images[0].path: it must begin with $"));
  EXPECT_THAT(refused_image(R"({"path":"$.spec.image"},{"path":"$.spec.a..b"})"),
              HasSubstr("settings.images[1].path: "));
  EXPECT_THAT(refused_image(R"({"path":"$"})"), HasSubstr("names the whole object"));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a[?x]","exists":true}])"), HasSubstr("settings.ready[0].path: filters"));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a[*]","exists":true}])"), HasSubstr("leads to one value"));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a","equalsPath":"b"}])"), HasSubstr("settings.ready[0].equalsPath: "));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a","atLeast":"two"}])"), HasSubstr("settings.ready[0].atLeast: "));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a","exists":true,"message":"$.b["}])"),
              HasSubstr("settings.ready[0].message: "));
}

TEST(GenericSettings, places_have_unmistakable_names) {
  EXPECT_THAT(refused_image(R"({"path":"$.spec.list[*].image","slot":"x"})"), HasSubstr("settings.images[0].slot: "));
  EXPECT_THAT(refused_image(R"({"path":"$.spec.list[0].image","slot":"x","name":"name"})"),
              HasSubstr("names one place"));
  EXPECT_THAT(refused_image(R"({"path":"$.spec.image","name":"name"})"),
              HasSubstr("settings.images[0].name: needs a path"));
  EXPECT_THAT(refused_image(R"({"path":"$.a","slot":"x"},{"path":"$.b","slot":"x"})"),
              HasSubstr("settings.images[1].slot"));
  EXPECT_THAT(refused_image(R"({"path":"$.a.b"},{"path":"$['a'].b"})"), HasSubstr("stands there twice"));
  EXPECT_THAT(refused_image(R"({"path":"$.a.tag","repositoryPath":"$.b[*].repository"})"),
              HasSubstr("settings.images[0].repositoryPath: has more [*] than path"));
}

TEST(GenericSettings, a_rule_says_one_thing) {
  EXPECT_THAT(refused(R"("ready":[{"equals":1}])"), HasSubstr("settings.ready[0]: needs either path or condition"));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a","condition":"Ready","exists":true}])"), HasSubstr("needs either"));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a"}])"), HasSubstr("exactly one of"));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a","equals":1,"exists":true}])"), HasSubstr("exactly one of"));
  EXPECT_THAT(refused(R"("ready":[{"condition":"Ready","equals":1}])"),
              HasSubstr("settings.ready[0].equals: is for a path"));
  EXPECT_THAT(refused(R"("ready":[{"path":"$.a","status":"True"}])"),
              HasSubstr("settings.ready[0].status: is for a cond"));
}

TEST(GenericSettings, whoever_judges_rollouts_says_what_is_ready) {
  EXPECT_THAT(refused(R"("failed":[{"condition":"Ready","status":"False"}])"),
              HasSubstr("settings.failed: needs ready"));
  EXPECT_THAT(refused(R"("held":[{"path":"$.spec.paused","equals":true}])"), HasSubstr("settings.held: needs ready"));
  EXPECT_THAT(refused(R"("pods":{"label":"a","equalsPath":"$.b"})"), HasSubstr("settings.pods: needs ready"));
  EXPECT_EQ(refused(R"("failed":[],"held":[])"), "");
}

}  // namespace
}  // namespace headwind::workloads::generic
