// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/companions.hpp"

#include <gtest/gtest.h>

#include "plugins_workloads/pod_world.hpp"

namespace headwind::workloads {
namespace {

TEST(Companions, what_is_no_object_is_passed_over_and_hides_nobody) {
  Companions found;
  for (const char* junk :
       {"", "{", "[]", "null", "7", "{} x", "{\"a\":\"\xff\"}", R"({"kind":"Secret","spec":{}})", "{}"})
    found.add(junk);
  found.add(std::string(100'000, '['));
  found.add(PodJson("a").text());
  EXPECT_EQ(found.pods().size(), 1u);
  EXPECT_TRUE(found.replica_sets().empty());
}

TEST(Companions, an_object_of_more_than_2_MiB_is_passed_over) {
  PodJson huge("a");
  huge.json()["metadata"]["annotations"]["x"] = std::string(3 << 20, 'x');
  Companions found;
  found.add(huge.text());
  EXPECT_TRUE(found.pods().empty());
}

TEST(Companions, items_of_a_list_have_no_kind_and_are_told_apart) {
  PodJson pod("a");
  pod.json().erase("kind");
  Companions found;
  found.add(pod.text());
  found.add(R"({"metadata":{"name":"web-1"},"spec":{"replicas":1,"template":{"spec":{"containers":[]}}}})");
  ASSERT_EQ(found.pods().size(), 1u);
  ASSERT_EQ(found.replica_sets().size(), 1u);
  EXPECT_EQ(found.replica_sets()[0].name, "web-1");
}

TEST(Companions, stay_as_they_were_read_when_more_are_read) {
  Companions found;
  found.add(PodJson("first").owner("ReplicaSet", "rs-1").text());
  for (int i = 0; i < 100; ++i) found.add(PodJson("other").owner("ReplicaSet", "rs-2").text());
  EXPECT_EQ(found.pods().front().name, "first");
  EXPECT_EQ(found.pods().front().owner, "rs-1");
}

TEST(Companions, the_owner_is_the_one_that_controls) {
  Companions found;
  found.add(PodJson("a").owner("Node", "n", false).owner("ReplicaSet", "rs", true).owner("Other", "o", false).text());
  found.add(PodJson("b").owner("ReplicaSet", "rs", false).text());
  found.add(PodJson("c").text());
  EXPECT_EQ(found.pods()[0].owner, "rs");
  EXPECT_EQ(found.pods()[1].owner, "rs");
  EXPECT_EQ(found.pods()[2].owner, "");
}

TEST(Companions, members_of_wrong_types_are_as_if_they_were_missing) {
  Companions found;
  found.add(R"({"kind":"Pod","metadata":{"name":7,"labels":[],"ownerReferences":{"uid":"x"},"deletionTimestamp":null},
    "spec":7,"status":{"phase":[],"conditions":{},"containerStatuses":[7,null,{"name":{},"state":[],"restartCount":"9"}],
    "initContainerStatuses":"x"}})");
  ASSERT_EQ(found.pods().size(), 1u);
  EXPECT_FALSE(found.pods()[0].leaving);
  EXPECT_FALSE(found.pods()[0].ready);
  EXPECT_EQ(found.pods()[0].failure, "");
}

TEST(Companions, the_20001st_is_not_read) {
  Companions found;
  for (int i = 0; i < 20'001; ++i) found.add(R"({"kind":"Pod"})");
  EXPECT_EQ(found.pods().size(), 20'000u);
}

}  // namespace
}  // namespace headwind::workloads
