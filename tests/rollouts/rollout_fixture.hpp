// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "fixture.hpp"

namespace headwind::end_to_end {

using Annotations = std::vector<std::pair<std::string, std::string>>;

inline Annotations undoing(Annotations more = {}) {
  Annotations all = automatic();
  all.emplace_back("auto-rollback", "true");
  all.emplace_back("health-check-retries", "2");
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

class Rollouts : public EndToEnd {
 protected:
  // Version 1.0.0 runs, and has come up.
  void run_first(const Annotations& annotations, const std::string& kind = "Deployment",
                 const std::function<void(Json&)>& adjust = {}, const std::string& tag = "1.0.0") {
    registry().push(repository(), tag);
    if (!headwind) start();
    Workload first{kind, "web", {{"app", image(tag)}}, annotations};
    first.adjust = adjust;
    deploy(first);
    ASSERT_TRUE(eventually([&] { return observed(kind); })) << workload("web", kind);
  }
  // The controllers have seen what the object asks for now.
  bool observed(const std::string& kind = "Deployment") const {
    const Json now = workload("web", kind);
    return now.value("/status/observedGeneration"_json_pointer, 0) >= now.value("/metadata/generation"_json_pointer, 1);
  }
  void push(const std::string& tag) const { registry().push(repository(), tag); }

  static std::string condition_of(const Json& request, const std::string& type) {
    for (const Json& one : request.value("/status/conditions"_json_pointer, Json::array()))
      if (one.at("type") == type) return one.value("status", "") + " " + one.value("reason", "");
    return {};
  }
  bool has_condition(const std::string& request, const std::string& type, const std::string& expected) const {
    return eventually([&] { return condition_of(get(requests_path(space, request)), type) == expected; });
  }
  // The first of these that was sent; null: none.
  Json notification(const std::string& event) const {
    eventually([&] { return receiver->count(space, event) > 0; });
    for (const Json& one : receiver->about(space))
      if (one.value("event", "") == event) return one;
    return {};
  }
  std::vector<std::string> told() const {
    std::vector<std::string> names;
    for (const Json& one : receiver->about(space)) names.push_back(one.value("event", ""));
    return names;
  }
};

}  // namespace headwind::end_to_end
