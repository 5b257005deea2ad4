// SPDX-License-Identifier: Apache-2.0
// The shared object, through its C tables, with a fake Harbor behind the host's HTTP.
#include <gtest/gtest.h>
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>

#include "plugins_harbor/fake_harbor.hpp"

namespace headwind::registries {
namespace {

class HarborPlugin : public ::testing::Test {
 protected:
  struct Seen {
    std::map<std::string, std::pair<std::string, std::int64_t>> tags;  // digest and push time
    std::vector<std::string> digests, pushes;
  };

  HarborPlugin() {
    harbor.projects["team"].repositories["web/app"] = {{FakeHarbor::digest(1), {{"1.0", "2026-01-02T03:04:05.000Z"}}},
                                                       {FakeHarbor::digest(2), {{"1.1", "0001-01-01T00:00:00.000Z"}}}};
    harbor.users["robot$team+ci"] = {"s3cret", {"team"}};
    host.http = [this](const hw::http_request& request) {
      auto response = harbor.answer({request.method, request.url, request.headers, request.max_body, request.body});
      return hw::http_response{response.status, response.headers, response.body};
    };
    host.credential = hw::credential{"secret-1", "robot$team+ci", "s3cret", "", ""};
    plugin.emplace(host, hw::testing::load(HARBOR_PLUGIN), R"({"hosts":{},"aliases":{}})");
  }
  void SetUp() override { ASSERT_EQ(plugin->status(), HW_OK); }

  hw_registry_sink sink() {
    return {sizeof(hw_registry_sink),
            0,
            &seen,
            [](void* ctx, const hw_tags* page) -> hw_status {
              for (std::size_t i = 0; i < page->count; ++i)
                static_cast<Seen*>(ctx)->tags[std::string(hw::view(page->names[i]))] = {
                    page->digests ? std::string(hw::view(page->digests[i])) : "-",
                    page->pushed_ms ? page->pushed_ms[i] : -1};
              return HW_OK;
            },
            [](void* ctx, const hw_artifact* found) -> hw_status {
              static_cast<Seen*>(ctx)->digests.emplace_back(hw::view(found->digest));
              return HW_OK;
            },
            [](void* ctx, const hw_push* push) -> hw_status {
              static_cast<Seen*>(ctx)->pushes.push_back(std::string(hw::view(push->repository)) + ":" +
                                                        std::string(hw::view(push->tag)));
              return HW_OK;
            },
            [](void*, hw_str) -> hw_status { return HW_OK; }};
  }
  hw_status list() {
    const auto out = sink();
    return plugin->api<hw_registry_api>()->list_tags(plugin->self(), host.call(),
                                                     HW_LITERAL("harbor.test/team/web/app"), &out);
  }

  FakeHarbor harbor;
  hw::testing::fake_host host;
  Seen seen;
  std::optional<hw::testing::instance> plugin;
};

TEST_F(HarborPlugin, tells_tags_with_digests_and_push_times) {
  ASSERT_EQ(list(), HW_OK);
  EXPECT_EQ(seen.tags["1.0"], std::make_pair(FakeHarbor::digest(1), std::int64_t{1767323045000}));
  EXPECT_EQ(seen.tags["1.1"], std::make_pair(FakeHarbor::digest(2), std::int64_t{0}));
}

TEST_F(HarborPlugin, falls_back_to_the_distribution_api_and_remembers_it) {
  harbor.users["robot$team+ci"].lists_artifacts = false;
  ASSERT_EQ(list(), HW_OK);
  EXPECT_EQ(seen.tags["1.0"], std::make_pair(std::string("-"), std::int64_t{-1}));
  harbor.log.clear();
  ASSERT_EQ(list(), HW_OK);
  EXPECT_EQ(harbor.log, std::vector<std::string>{"GET /v2/team/web/app/tags/list?n=1000"});
}

TEST_F(HarborPlugin, tells_what_a_proxy_cache_could_give_too) {
  harbor.projects["team"].registry_id = 1;
  harbor.projects["team"].afar["web/app"] = {"2.0"};
  ASSERT_EQ(list(), HW_OK);
  EXPECT_EQ(seen.tags.size(), 3u);
}

TEST_F(HarborPlugin, remembers_nothing_of_an_account_that_neither_api_takes) {
  harbor.users["robot$team+ci"].password = "another";
  EXPECT_EQ(list(), HW_DENIED);
  harbor.users["robot$team+ci"].password = "s3cret";
  seen.tags.clear();
  ASSERT_EQ(list(), HW_OK);
  EXPECT_EQ(seen.tags["1.0"].first, FakeHarbor::digest(1));
  for (const auto& failure : host.failures) EXPECT_EQ(failure.message.find("s3cret"), std::string::npos);
}

TEST_F(HarborPlugin, says_that_an_unknown_repository_is_not_found) {
  harbor.projects["team"].repositories.clear();
  EXPECT_EQ(list(), HW_NOT_FOUND);
}

TEST_F(HarborPlugin, resolves_with_one_head) {
  ASSERT_EQ(list(), HW_OK);
  const auto out = sink();
  const auto resolve = [&] {
    return plugin->api<hw_registry_api>()->resolve(plugin->self(), host.call(), HW_LITERAL("harbor.test/team/web/app"),
                                                   HW_LITERAL("1.1"), hw_str{nullptr, 0}, &out);
  };
  ASSERT_EQ(resolve(), HW_OK);
  EXPECT_EQ(seen.digests, std::vector<std::string>{FakeHarbor::digest(2)});
  harbor.log.clear();
  ASSERT_EQ(resolve(), HW_OK);  // the token is at hand now
  EXPECT_EQ(harbor.log, std::vector<std::string>{"HEAD /v2/team/web/app/manifests/1.1"});
}

TEST_F(HarborPlugin, reads_harbor_s_webhook) {
  const auto out = sink();
  const std::string body =
      R"({"type":"PUSH_ARTIFACT","occur_at":1680501893,"operator":"admin","event_data":{"resources":[{"digest":")" +
      FakeHarbor::digest(1) +
      R"(","tag":"1.0","resource_url":"harbor.test/team/web/app:1.0"}],"repository":{"name":"web/app",
      "namespace":"team","repo_full_name":"team/web/app","repo_type":"private"}}})";
  ASSERT_EQ(plugin->api<hw_registry_api>()->parse_webhook(plugin->self(), host.call(), nullptr, 0, hw::str(body), &out),
            HW_OK);
  EXPECT_EQ(seen.pushes, std::vector<std::string>{"harbor.test/team/web/app:1.0"});
}

}  // namespace
}  // namespace headwind::registries
