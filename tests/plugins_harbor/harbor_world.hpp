// SPDX-License-Identifier: Apache-2.0
// The client of Harbor's API, with a fake Harbor that a test may break.
#pragma once
#include <gtest/gtest.h>

#include "plugins_harbor/fake_harbor.hpp"
#include "plugins_registries/scripted_transport.hpp"
#include "registries/harbor/artifacts.hpp"

namespace headwind::registries {

class HarborTest : public ::testing::Test {
 protected:
  struct Listing {
    Artifacts::Route route;
    std::vector<std::string> tags, digests;
    std::vector<std::int64_t> pushed_ms;
    Failure failure{HW_OK, "", 0};
  };

  HarborTest() {
    transport.now = 1'700'000'000'000;
    harbor.projects["team"] = {};
    harbor.users["robot$team+ci"] = {"s3cret", {"team"}};
    transport.pull = Credential{"secret-1", "robot$team+ci", "s3cret", "", ""};
  }

  // `count` artifacts in team/`repository`, each with a tag "v<number>".
  void fill(int count, const std::string& repository = "web/app") {
    auto& list = harbor.projects["team"].repositories[repository];
    list.clear();
    for (int i = 0; i < count; ++i) list.push_back({FakeHarbor::digest(i), {{"v" + std::to_string(i)}}});
  }

  Listing list(const std::string& name = "harbor.test/team/web/app") {
    Listing out;
    const auto route = artifacts->list(*parse_repository(name), transport, [&](const hw::tag_page& page) {
      EXPECT_EQ(page.names.size(), page.digests.size());
      EXPECT_EQ(page.names.size(), page.pushed_ms.size());
      out.tags.insert(out.tags.end(), page.names.begin(), page.names.end());
      out.digests.insert(out.digests.end(), page.digests.begin(), page.digests.end());
      out.pushed_ms.insert(out.pushed_ms.end(), page.pushed_ms.begin(), page.pushed_ms.end());
      return HW_OK;
    });
    if (route) {
      out.route = *route;
    } else {
      out.failure = route.failure();
    }
    return out;
  }
  // Nothing is remembered any more.
  void forget() { artifacts.emplace(settings("{}")); }
  static Settings settings(const std::string& json) {
    auto parsed = Settings::parse(json);
    EXPECT_TRUE(parsed);
    return *parsed;
  }

  FakeHarbor harbor;
  // Answers instead of the fake, where it does.
  std::function<std::optional<Response>(const Request&)> instead;
  ScriptedTransport transport{[this](const Request& request) -> Outcome<Response> {
    if (instead)
      if (auto other = instead(request)) return *other;
    return harbor.answer(request);
  }};
  std::optional<Artifacts> artifacts{std::in_place, settings("{}")};
};

}  // namespace headwind::registries
