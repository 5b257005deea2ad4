// SPDX-License-Identifier: Apache-2.0
#include "app/companions.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/reduced.hpp"
#include "app/watch_places.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

kube::Object object(const std::string& uid, std::int64_t created, const std::string& text = "{}") {
  kube::Object one;
  one.uid = uid, one.created_ms = created, one.json = text;
  return one;
}

std::string note(std::size_t size) { return json{{"note", std::string(size, 'x')}}.dump(); }

TEST(Youngest, the_oldest_go_where_there_are_too_many) {
  Youngest kept(std::make_shared<CompanionBytes>());
  for (int i = 0; i < 600; ++i) kept.add(object(std::to_string(i), i, json{{"n", i}}.dump()));
  EXPECT_EQ(kept.size(), Youngest::most);
  std::vector<std::string> texts;
  kept.add_to(texts);
  for (const std::string& text : texts) EXPECT_GE(json::parse(text)["n"].get<int>(), 100);
}

TEST(Youngest, all_of_them_share_a_bound_of_bytes) {
  const auto bytes = std::make_shared<CompanionBytes>();
  {
    Youngest first(bytes), second(bytes);
    for (int i = 0; i < 40; ++i) first.add(object(std::to_string(i), i, note(1U << 20U)));
    for (int i = 0; i < 40; ++i) second.add(object(std::to_string(i), i, note(1U << 20U)));
    EXPECT_LE(bytes->used, CompanionBytes::most);
    EXPECT_EQ(first.size(), 40U) << "who was there first keeps what it has";
    EXPECT_GT(second.size(), 1U);
    second.add(object("39", 39, note(10)));
    EXPECT_TRUE(second.remove("39"));
    EXPECT_FALSE(second.remove("39"));
  }
  EXPECT_EQ(bytes->used, 0U);
}

TEST(Reduced, of_a_pod_what_verdicts_are_read_from_stays) {
  const json pod = json::parse(R"({"kind": "Pod",
    "metadata": {"name": "web-1", "uid": "u", "managedFields": [1], "annotations": {"a": "b"},
                 "labels": {"pod-template-hash": "h"}, "ownerReferences": [{"uid": "set"}]},
    "spec": {"volumes": [1], "nodeName": "n", "containers": [{"name": "app", "image": "app:2", "env": [1]}],
             "initContainers": [{"name": "log", "image": "log:1", "restartPolicy": "Always", "args": ["x"]}]},
    "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
               "containerStatuses": [{"name": "app", "ready": false, "restartCount": 3, "resources": {"a": 1},
                 "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
                 "lastState": {"terminated": {"exitCode": 1, "message": "hunter2"}}}]}})");
  const json expected = json::parse(R"({"kind": "Pod",
    "metadata": {"name": "web-1", "uid": "u",
                 "labels": {"pod-template-hash": "h"}, "ownerReferences": [{"uid": "set"}]},
    "spec": {"nodeName": "n", "containers": [{"name": "app", "image": "app:2"}],
             "initContainers": [{"name": "log", "image": "log:1", "restartPolicy": "Always"}]},
    "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
               "containerStatuses": [{"name": "app", "ready": false, "restartCount": 3,
                 "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
                 "lastState": {"terminated": {"exitCode": 1}}}]}})");
  EXPECT_EQ(json::parse(reduced(pod.dump())), expected);
}

TEST(Reduced, of_a_ReplicaSet_its_template_is_cut_and_its_revision_stays) {
  const json set = json::parse(R"({"metadata": {"annotations": {"deployment.kubernetes.io/revision": "3",
      "kubectl.kubernetes.io/last-applied-configuration": "{}"}},
    "spec": {"replicas": 2, "template": {"spec": {"volumes": [1], "containers": [{"name": "app", "env": [1]}]}}},
    "status": {"replicas": 2}})");
  const json expected = json::parse(R"({"metadata": {"annotations": {"deployment.kubernetes.io/revision": "3"}},
    "spec": {"replicas": 2, "template": {"spec": {"containers": [{"name": "app"}]}}}, "status": {"replicas": 2}})");
  EXPECT_EQ(json::parse(reduced(set.dump())), expected);
  EXPECT_EQ(reduced("[1,"), "[1,");
}

TEST(WatchPlaces, who_gets_none_waits_and_is_named_when_one_is_free) {
  WatchPlaces places(1);
  const inventory::WorkloadKey a{"Deployment", "shop", "a"}, b{"Deployment", "shop", "b"}, c{"Deployment", "shop", "c"};
  EXPECT_TRUE(places.take(a));
  EXPECT_TRUE(places.take(a)) << "it has one";
  EXPECT_FALSE(places.take(b));
  EXPECT_FALSE(places.take(c));
  EXPECT_EQ(places.give_back(b), std::nullopt) << "it only waited";
  EXPECT_EQ(places.give_back(a), c);
  EXPECT_TRUE(places.take(c));
}

}  // namespace
}  // namespace headwind::app
