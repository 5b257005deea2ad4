// SPDX-License-Identifier: Apache-2.0
// The client of the Hub API, with a fake Docker Hub that a test may break.
#pragma once
#include <gtest/gtest.h>

#include "plugins_dockerhub/fake_hub.hpp"
#include "plugins_registries/scripted_transport.hpp"
#include "registries/dockerhub/hub_tags.hpp"

namespace headwind::registries {

class HubTest : public ::testing::Test {
 protected:
  struct Listing {
    bool listed = false;
    std::vector<std::string> tags, digests;
    std::vector<std::int64_t> pushed_ms;
    Failure failure{HW_OK, "", 0};
  };

  HubTest() { transport.now = hub.now_ms; }

  void set_up(const std::string& json) {
    const auto own = HubSettings::parse(json);
    const auto all = Settings::parse(json);
    ASSERT_TRUE(own && all);
    tags.emplace(*all, *own);
  }
  void fill(int count, const std::string& name = "library/nginx") {
    auto& list = hub.repositories[name].tags;
    list.clear();
    for (int i = 0; i < count; ++i) list.push_back({"v" + std::to_string(i), FakeHub::digest(i)});
  }
  void pass(std::int64_t ms) { transport.now = hub.now_ms += ms; }

  Listing list(const std::string& name = "docker.io/library/nginx") {
    Listing out;
    const auto listed = tags->list(*parse_repository(name), transport, [&](const hw::tag_page& page) {
      out.tags.insert(out.tags.end(), page.names.begin(), page.names.end());
      out.digests.insert(out.digests.end(), page.digests.begin(), page.digests.end());
      out.pushed_ms.insert(out.pushed_ms.end(), page.pushed_ms.begin(), page.pushed_ms.end());
      return HW_OK;
    });
    EXPECT_EQ(out.tags.size(), out.digests.size());
    EXPECT_EQ(out.tags.size(), out.pushed_ms.size());
    if (listed) {
      out.listed = *listed;
    } else {
      out.failure = listed.failure();
    }
    return out;
  }
  // What was asked, without hosts, since the last time.
  std::vector<std::string> asked() { return std::exchange(hub.log, {}); }

  FakeHub hub;
  // Answers instead of the fake, where it does.
  std::function<std::optional<Response>(const Request&)> instead;
  ScriptedTransport transport{[this](const Request& request) -> Outcome<Response> {
    if (instead)
      if (auto other = instead(request)) return *other;
    return hub.answer(request);
  }};
  std::optional<HubTags> tags;
};

}  // namespace headwind::registries
