// SPDX-License-Identifier: Apache-2.0
// What is said of annotations that lead nowhere.
#include "update/settings.hpp"

#include <gmock/gmock.h>

namespace headwind::update {
namespace {

using ::testing::HasSubstr;

// A place by the name that the plugin gives it, and its pointer below spec.values.
struct Found {
  std::string path, pointer = {};
};

// The sentences about headwind.sh/values-images of a release in which the plugin found `found`.
std::vector<std::string> about_values(const std::string& paths, const std::vector<Found>& found) {
  inventory::Workload release;
  release.key = {"HelmRelease", "shop", "web"};
  release.annotations.emplace_back(annotation::policy, "minor");
  release.annotations.emplace_back(annotation::values_images, paths);
  for (const auto& [path, pointer] : found) {
    inventory::Slot slot;
    slot.slot = "values/" + path;
    slot.pointer = "/spec/values" + pointer;
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
  const auto said = about_values("image.tag, $.sidecar[0].tag, $..x", {{"image.tag", "/image/tag"}});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], HasSubstr("HelmRelease shop/web: annotation headwind.sh/values-images names '$.sidecar[0].tag' "
                                 "and 1 more, where no tag is found below spec.values"));
}

TEST(ValuesImages, what_was_found_is_known_by_its_path_however_it_is_written) {
  EXPECT_TRUE(about_values(" $.image.tag, $['image'].tag,jobs.*.tag,['a,b'].tag, sidecars[*].tag,",
                           {{"image.tag", "/image/tag"},
                            {"['image'].tag", "/image/tag"},
                            {"jobs.x.tag", "/jobs/x/tag"},
                            {"['a,b'].tag", "/a,b/tag"},
                            {"sidecars[2].tag", "/sidecars/2/tag"}})
                  .empty());
  EXPECT_EQ(about_values("sidecars[*].tag", {{"sidecar.tag", "/sidecar/tag"}}).size(), 1U);
  EXPECT_EQ(about_values("jobs.*.tag", {{"jobs2.x.tag", "/jobs2/x/tag"}}).size(), 1U);
}

TEST(ValuesImages, what_follows_a_wildcard_is_compared_too) {
  const Found job{"jobs[0].image.tag", "/jobs/0/image/tag"};
  const auto said = about_values("jobs[*].image.tag, jobs[*].imag.tag", {job});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], HasSubstr("names 'jobs[*].imag.tag', where"));
  for (const char* wrong : {"jobs[*].tag", "jobs[*]", "jobs[*].image.tag.x", "jobs[*][*].image.tag", "*.image.tag"})
    EXPECT_EQ(about_values(wrong, {job}).size(), 1U) << wrong;
  EXPECT_EQ(about_values("jobs.*.tag", {{"jobs.x.image.tag", "/jobs/x/image/tag"}}).size(), 1U) << "one step a turn";
}

TEST(ValuesImages, a_turn_of_a_wildcard_may_be_a_name_with_dots_and_quotes) {
  EXPECT_TRUE(about_values("jobs.*.tag", {{"jobs.a.b/c.tag", "/jobs/a.b~1c/tag"}}).empty());
  EXPECT_TRUE(about_values("jobs[*].tag", {{"jobs['a]b'].tag", "/jobs/a]b/tag"}}).empty());
  EXPECT_TRUE(about_values("*[*].tag", {{"x[0].tag", "/x/0/tag"}}).empty());
}

}  // namespace
}  // namespace headwind::update
