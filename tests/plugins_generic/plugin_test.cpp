// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "plugins_generic/loaded.hpp"

namespace headwind::workloads::generic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* widgets = R"({"group":"example.com","versions":["v2","v1"],"kind":"Widget","plural":"widgets",
    "images":[{"path":"$.spec.image.tag","repositoryPath":"$.spec.image.repository","slot":"main"}]})";

TEST(GenericPlugin, serves_the_kind_of_its_settings) {
  EXPECT_THAT(Loaded(widgets).describe(), ElementsAre("example.com/v2/widgets Widget"));
}

TEST(GenericPlugin, gives_a_tag_as_a_version_of_its_repository) {
  EXPECT_THAT(Loaded(widgets).images(R"({"spec":{"image":{"repository":"ghcr.io/acme/web","tag":"1.2"}}})"),
              ElementsAre("main ghcr.io/acme/web:1.2 tag"));
}

TEST(GenericPlugin, claims_nothing_of_rollouts_without_rules_for_them) {
  Loaded plugin(widgets);
  EXPECT_EQ(plugin.rollout(R"({"spec":{},"status":{}})"), "no verdict");
  EXPECT_EQ(plugin.status, HW_UNSUPPORTED);
  EXPECT_EQ(plugin.failure(), "no rollout is followed: the settings have no rule in ready");
}

TEST(GenericPlugin, is_not_created_with_settings_that_make_no_sense) {
  const Loaded plugin(R"({"preset":"argo-rollout","images":[{"path":"$..image"}]})");
  EXPECT_EQ(plugin.created(), HW_INVALID);
  EXPECT_EQ(plugin.failure(), "settings.images[0].path: .. is not supported: name every step");
}

TEST(GenericPlugin, refuses_objects_of_another_kind) {
  Loaded plugin(widgets);
  plugin.images(R"({"kind":"Gadget"})");
  EXPECT_EQ(plugin.status, HW_INVALID);
  EXPECT_THAT(plugin.failure(), HasSubstr("the object is a Gadget, not a Widget"));
}

}  // namespace
}  // namespace headwind::workloads::generic
