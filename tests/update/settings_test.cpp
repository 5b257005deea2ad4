// SPDX-License-Identifier: Apache-2.0
// What is said of annotations that lead nowhere.
#include "update/settings.hpp"

#include <gmock/gmock.h>

namespace headwind::update {
namespace {

using ::testing::HasSubstr;

// The sentences about headwind.sh/values-images of a release in which the plugin found `found`.
std::vector<std::string> about_values(const std::string& paths, const std::vector<std::string>& found) {
  inventory::Workload release;
  release.key = {"HelmRelease", "shop", "web"};
  release.annotations.emplace_back(annotation::policy, "minor");
  release.annotations.emplace_back(annotation::values_images, paths);
  for (const std::string& path : found) {
    inventory::Slot slot;
    slot.slot = "values/" + path;
    release.slots.push_back(slot);
  }
  std::vector<std::string> said;
  const Settings settings = read_settings(release, std::chrono::seconds(300), 0);
  for (const Mistake& mistake : settings.mistakes)
    if (mistake.field == annotation::values_images) said.push_back(mistake.sentence);
  EXPECT_FALSE(settings.skipped()) << "the chart and the other images go on";
  return said;
}

TEST(ValuesImages, a_path_without_a_place_is_told) {
  const auto said = about_values("image.tag, $.sidecar[0].tag, $..x", {"image.tag"});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], HasSubstr("HelmRelease shop/web: annotation headwind.sh/values-images names '$.sidecar[0].tag' "
                                 "and 1 more, where no tag is found below spec.values"));
}

TEST(ValuesImages, what_was_found_is_known_by_its_path_however_it_is_written) {
  EXPECT_TRUE(about_values(" $.image.tag, $['image'].tag,jobs.*.tag,['a,b'].tag, sidecars[*].tag,",
                           {"image.tag", "['image'].tag", "jobs.x.tag", "['a,b'].tag", "sidecars[2].tag"})
                  .empty());
  EXPECT_EQ(about_values("sidecars[*].tag", {"sidecar.tag"}).size(), 1U);
  EXPECT_EQ(about_values("jobs.*.tag", {"jobs2.x.tag"}).size(), 1U);
}

}  // namespace
}  // namespace headwind::update
