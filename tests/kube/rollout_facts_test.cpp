// SPDX-License-Identifier: Apache-2.0
#include "kube/rollout_facts.hpp"

#include <gtest/gtest.h>

namespace headwind::kube {
namespace {

RolloutFacts facts_of(std::string_view json, std::string_view kind = "Deployment") {
  const auto facts = read_rollout_facts(json, kind);
  EXPECT_TRUE(facts) << json;
  return facts.value_or(RolloutFacts{});
}

std::string revision_of(std::string_view json, std::string_view kind = "Deployment") {
  return facts_of(json, kind).revision;
}

TEST(RolloutFacts, a_generation_may_be_a_number_a_text_or_missing) {
  const auto stale = [](const char* text) { return facts_of(text).stale; };
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": 2}})"));
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": 3}})"));
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": "2"}})"));
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": "3"}})"));
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": "6b8f"}})")) << "a hash";
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"phase": "Ready"}})"));
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}})")) << "nobody has looked at it";
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}, "status": {}})")) << "as an API server writes it";
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}, "status": "ready"})"));
}

TEST(RolloutFacts, the_revision_is_that_of_the_pods) {
  const std::string before = revision_of(
      R"({"metadata": {"resourceVersion": "7"}, "spec": {"replicas": 1, "template": {
          "metadata": {"annotations": {"restartedAt": "1"}},
          "spec": {"nodeName": null, "containers": [{"name": "web", "image": "nginx:1"}], "grace": 30, "share": 0.5}}}})");
  EXPECT_EQ(before.size(), 16U);
  EXPECT_EQ(
      before,
      revision_of(
          R"({"spec": {"replicas": 9, "paused": true, "template": {"metadata": {"annotations": {"restartedAt": "2"}},
          "spec": {"share": 0.5, "containers": [{"image": "nginx:1", "name": "web"}], "grace": 30, "nodeName": null}}}})"))
      << "in another order";
  for (const char* other :
       {R"({"containers": [{"name": "web", "image": "nginx:2"}], "grace": 30, "nodeName": null, "share": 0.5})",
        R"({"containers": [{"name": "web", "image": "nginx:1"}], "grace": "30", "nodeName": null, "share": 0.5})",
        R"({"containers": [{"name": "web", "image": "nginx:1"}], "grace": 30, "nodeName": "", "share": 0.5})",
        R"({"containers": [{"name": "web", "image": "nginx:1"}], "grace": 30, "nodeName": null, "share": true})",
        R"({"containers": [{"name": "web"}, {"image": "nginx:1"}], "grace": 30, "nodeName": null, "share": 0.5})",
        R"({"containers": [], "grace": 30, "nodeName": null, "share": 0.5})"})
    EXPECT_NE(before, revision_of(R"({"spec": {"template": {"spec": )" + std::string(other) + "}}}")) << other;
}

TEST(RolloutFacts, what_has_no_pods_is_what_its_spec_says_without_how_many_and_when) {
  const std::string before = revision_of(R"({"spec": {"imageName": "postgres:16", "instances": 3}})", "Cluster");
  EXPECT_EQ(before, revision_of(R"({"spec": {"imageName": "postgres:16", "suspend": true}})", "Cluster"));
  EXPECT_NE(before, revision_of(R"({"spec": {"imageName": "postgres:17", "instances": 3}})", "Cluster"));
  EXPECT_EQ(revision_of(R"({"spec": null})", "Cluster"), "");
  EXPECT_EQ(revision_of(R"({"metadata": {}})", "Cluster"), "");
}

TEST(RolloutFacts, a_release_is_what_Flux_brings_a_new_version_for) {
  const auto of = [](const std::string& spec) { return revision_of(R"({"spec": )" + spec + "}", "HelmRelease"); };
  const std::string before = of(R"({"chart": {"spec": {"chart": "podinfo", "interval": "1m", "version": "1"}}})");
  EXPECT_EQ(before,
            of(R"({"timeout": "9m", "chart": {"spec": {"version": "1", "chart": "podinfo"}}, "interval": "2m"})"));
  EXPECT_NE(before, of(R"({"chart": {"spec": {"chart": "podinfo", "version": "2"}}})"));
  EXPECT_NE(before, of(R"({"chart": {"interval": "1m", "spec": {"chart": "podinfo", "version": "1"}}})"));
  EXPECT_NE(before, of(R"({"chart": {"spec": {"chart": "podinfo", "version": "1"}}, "values": {"interval": 1}})"));
}

TEST(RolloutFacts, a_selector_is_written_as_a_query) {
  EXPECT_EQ(selector_of(R"({"spec": {"selector": {"matchLabels": {"app": "web", "tier": "front"},
              "matchExpressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]},
                                   {"key": "old", "operator": "NotIn", "values": ["yes"]},
                                   {"key": "track", "operator": "Exists"}, {"key": "canary", "operator": "DoesNotExist"},
                                   {"key": "x", "operator": "Near"}]}}})"),
            "app=web,tier=front,zone in (a,b),old notin (yes),track,!canary");
  EXPECT_EQ(selector_of(R"({"spec": {"selector": {}}})"), "");
  EXPECT_EQ(selector_of(R"({"spec": {"selector": "app=web"}})"), "");
  EXPECT_EQ(selector_of(R"({"spec": {}})"), "");
  EXPECT_EQ(selector_of("[]"), "");
}

TEST(RolloutFacts, what_is_no_object_has_none) {
  for (const char* text : {"", "[]", "null", "\"{}\"", R"({"spec": )"}) {
    EXPECT_FALSE(read_rollout_facts(text, "Deployment")) << text;
    EXPECT_EQ(selector_of(text), "") << text;
  }
  EXPECT_EQ(facts_of(R"({"metadata": {"resourceVersion": 7}, "spec": 3, "status": 1})").resource_version, "");
}

}  // namespace
}  // namespace headwind::kube
