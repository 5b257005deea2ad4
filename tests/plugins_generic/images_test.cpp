// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/images.hpp"

#include <gmock/gmock.h>

#include "plugins_generic/settings_of.hpp"

namespace headwind::workloads::generic {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "slot reference pointer guard=value" of each.
std::vector<std::string> images(const Settings& settings, const std::string& object) {
  std::vector<hw::image> found;
  std::string error;
  EXPECT_TRUE(read_images(object, settings, found, error)) << error;
  std::vector<std::string> out;
  for (const hw::image& one : found)
    out.push_back(one.slot + " " + one.reference + " " + one.pointer + " " + one.guard_pointer + "=" + one.guard_value +
                  (one.version_only ? " tag" : ""));
  return out;
}

TEST(GenericImages, an_item_of_a_list_has_its_name_as_slot_and_guard) {
  EXPECT_THAT(
      images(widget(R"({"path":"$.spec.containers[*].image","name":"name"})"),
             R"({"kind":"Widget","spec":{"containers":[{"name":"web","image":"a:1"},{"name":"log","image":"b:2"}]}})"),
      ElementsAre("containers/web a:1 /spec/containers/0/image /spec/containers/0/name=web",
                  "containers/log b:2 /spec/containers/1/image /spec/containers/1/name=log"));
}

TEST(GenericImages, without_a_name_the_slot_is_the_path) {
  const char* object = R"({"spec":{"image":"a:1","list":[{"image":"b:2"}],"map":{"x/y":{"image":"c:3"}}}})";
  EXPECT_THAT(images(widget(R"({"path":"$.spec.image"},{"path":"$.spec.list[*].image"},{"path":"$.spec.map.*.image"})"),
                     object),
              ElementsAre("spec/image a:1 /spec/image =", "spec/list/0/image b:2 /spec/list/0/image =",
                          "spec/map/x~1y/image c:3 /spec/map/x~1y/image ="));
  EXPECT_THAT(images(widget(R"({"path":"$.spec.image","slot":"postgres"})"), object),
              ElementsAre("postgres a:1 /spec/image ="));
}

TEST(GenericImages, an_item_without_its_name_is_found_by_its_path) {
  EXPECT_THAT(images(widget(R"({"path":"$.spec.containers[*].image","name":"name"})"),
                     R"({"spec":{"containers":[{"image":"a:1"},{"name":7,"image":"b:2"}]}})"),
              ElementsAre("spec/containers/0/image a:1 /spec/containers/0/image =",
                          "spec/containers/1/image b:2 /spec/containers/1/image ="));
}

TEST(GenericImages, lists_within_lists_do_not_share_slots) {
  EXPECT_THAT(
      images(
          widget(R"({"path":"$.spec.parts[*].containers[*].image","name":"name"})"),
          R"({"spec":{"parts":[{"containers":[{"name":"app","image":"a:1"}]},{"containers":[{"name":"app","image":"b:2"}]}]}})"),
      ElementsAre("parts/0/containers/app a:1 /spec/parts/0/containers/0/image /spec/parts/0/containers/0/name=app",
                  "parts/1/containers/app b:2 /spec/parts/1/containers/0/image /spec/parts/1/containers/0/name=app"));
}

TEST(GenericImages, a_tag_beside_its_repository_is_a_version_guarded_by_the_repository) {
  EXPECT_THAT(images(widget(R"({"path":"$.spec.image.tag","repositoryPath":"$.spec.image.repository","slot":"main"})"),
                     R"({"spec":{"image":{"repository":"ghcr.io/acme/web","tag":"1.2.3"}}})"),
              ElementsAre("main ghcr.io/acme/web:1.2.3 /spec/image/tag /spec/image/repository=ghcr.io/acme/web tag"));
  EXPECT_THAT(
      images(
          widget(R"({"path":"$.parts[*].tag","name":"id","repositoryPath":"$.parts[*].repository"})"),
          R"({"parts":[{"id":"a","tag":"1"},{"id":"b","repository":"x/b","tag":"2"},{"id":"c","repository":"x/c","tag":3}]})"),
      ElementsAre("parts/b x/b:2 /parts/1/tag /parts/1/repository=x/b tag"));
  EXPECT_THAT(
      images(widget(R"({"path":"$.tags[*]","repositoryPath":"$.repository"})"), R"({"repository":"x/y","tags":["1"]})"),
      ElementsAre("tags/0 x/y:1 /tags/0 /repository=x/y tag"));
}

TEST(GenericImages, an_object_where_nothing_matches_has_no_slots) {
  for (const char* object : {"{}", R"({"spec":null})", R"({"spec":{"image":null}})", R"({"spec":{"image":["a:1"]}})"})
    EXPECT_THAT(images(widget(R"({"path":"$.spec.image"})"), object), IsEmpty()) << object;
}

TEST(GenericImages, a_value_that_is_no_reference_does_not_cost_the_others) {
  const std::string long_one(1025, 'a');
  EXPECT_THAT(images(widget(R"({"path":"$.list[*]"})"),
                     R"({"list":["", "a\nb", "nul\u0000", 5, ")" + long_one + R"(", "good:1"]})"),
              ElementsAre("list/5 good:1 /list/5 ="));
  EXPECT_THAT(
      images(widget(R"({"path":"$.map.*.image"})"), R"({"map":{"a\u0001":{"image":"a:1"},"b":{"image":"b:1"}}})"),
      ElementsAre("map/b/image b:1 /map/b/image ="));
}

TEST(GenericImages, no_two_places_have_the_same_slot) {
  EXPECT_THAT(images(widget(R"({"path":"$.containers[*].image","name":"name"})"),
                     R"({"containers":[{"name":"a","image":"x:1"},{"name":"a","image":"y:1"}]})"),
              ElementsAre("containers/a x:1 /containers/0/image /containers/0/name=a"));
}

TEST(GenericImages, an_object_has_at_most_256) {
  std::string list = "\"x:1\"";
  for (int i = 1; i < 300; ++i) list += ",\"x:1\"";
  EXPECT_EQ(
      images(widget(R"({"path":"$.a[*]"},{"path":"$.b[*]"})"), R"({"a":[)" + list + R"(],"b":[)" + list + "]}").size(),
      256U);
}

TEST(GenericImages, refuse_what_is_no_object_of_the_kind) {
  std::vector<hw::image> found;
  std::string error;
  EXPECT_FALSE(read_images(R"({"kind":"Gadget"})", widget(R"({"path":"$.a"})"), found, error));
  EXPECT_EQ(error, "the object is a Gadget, not a Widget");
  EXPECT_FALSE(read_images("[]", widget(R"({"path":"$.a"})"), found, error));
  EXPECT_EQ(error, "the object is JSON, but not a JSON object");
}

}  // namespace
}  // namespace headwind::workloads::generic
