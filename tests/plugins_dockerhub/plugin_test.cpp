// SPDX-License-Identifier: Apache-2.0
// The shared object, through its C tables, with a fake Docker Hub behind the host's HTTP.
#include <gtest/gtest.h>
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>

#include <map>

#include "plugins_dockerhub/fake_hub.hpp"

namespace headwind::registries {
namespace {

class HubPlugin : public ::testing::Test {
 protected:
  struct Seen {
    std::map<std::string, std::pair<std::string, std::int64_t>> tags;  // digest and push time
    std::vector<std::string> digests;
  };

  HubPlugin() {
    hub.repositories["library/nginx"].tags = {{"1.27", FakeHub::digest(1)}, {"1.26", FakeHub::digest(2)}};
    hub.repositories["acme/app"] = {true, {{"1.0", FakeHub::digest(3)}}};
    hub.users["ci"] = {"dckr_pat_s3cret"};
    host.unix_ms = hub.now_ms;
    host.http = [this](const hw::http_request& request) {
      auto response = hub.answer({request.method, request.url, request.headers, request.max_body, request.body});
      return hw::http_response{response.status, response.headers, response.body};
    };
  }
  void start(const std::string& settings) {
    plugin.emplace(host, hw::testing::load(HUB_PLUGIN), settings);
    ASSERT_EQ(plugin->status(), HW_OK);
  }

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
            [](void*, const hw_push*) -> hw_status { return HW_OK; },
            [](void*, hw_str) -> hw_status { return HW_OK; }};
  }
  hw_status list(const std::string& name) {
    const auto out = sink();
    return plugin->api<hw_registry_api>()->list_tags(plugin->self(), host.call(), hw::str(name), &out);
  }
  hw_status resolve(const std::string& name, const std::string& tag) {
    const auto out = sink();
    return plugin->api<hw_registry_api>()->resolve(plugin->self(), host.call(), hw::str(name), hw::str(tag),
                                                   hw_str{nullptr, 0}, &out);
  }

  FakeHub hub;
  hw::testing::fake_host host;
  Seen seen;
  std::optional<hw::testing::instance> plugin;
};

const auto plain = std::make_pair(std::string("-"), std::int64_t{-1});

TEST_F(HubPlugin, lists_by_the_registry_as_it_always_did) {
  start("{}");
  ASSERT_EQ(list("docker.io/library/nginx"), HW_OK);
  EXPECT_EQ(seen.tags["1.27"], plain);
  EXPECT_EQ(hub.log.back(), "GET /v2/library/nginx/tags/list?n=1000");
}

TEST_F(HubPlugin, lists_with_push_times_and_digests_where_they_are_wanted) {
  start(R"({"pushed_times":true})");
  host.credential = hw::credential{"secret-1", "ci", "dckr_pat_s3cret", "", ""};
  ASSERT_EQ(list("docker.io/acme/app"), HW_OK);
  EXPECT_EQ(seen.tags["1.0"], std::make_pair(FakeHub::digest(3), std::int64_t{1767323045678}));
}

TEST_F(HubPlugin, lists_by_the_registry_while_the_hub_api_is_throttled) {
  hub.limit = 1;
  start(R"({"pushed_times":"auto"})");
  ASSERT_EQ(list("docker.io/library/nginx"), HW_OK);
  EXPECT_EQ(seen.tags["1.27"].first, FakeHub::digest(1));
  ASSERT_EQ(list("docker.io/library/nginx"), HW_OK);
  EXPECT_EQ(seen.tags["1.27"], plain);
}

TEST_F(HubPlugin, tells_the_host_how_long_to_wait) {
  hub.limit = 1;
  start(R"({"pushed_times":true})");
  ASSERT_EQ(list("docker.io/library/nginx"), HW_OK);
  EXPECT_EQ(list("docker.io/library/nginx"), HW_THROTTLED);
  ASSERT_FALSE(host.failures.empty());
  EXPECT_EQ(host.failures.back().retry_after_ms, 60'000);
}

TEST_F(HubPlugin, resolves_without_a_pull) {
  for (const char* settings : {"{}", R"({"pushed_times":true})"}) {
    start(settings);
    ASSERT_EQ(resolve("docker.io/library/nginx", "1.26"), HW_OK);
    EXPECT_EQ(hub.log.back(), "HEAD /v2/library/nginx/manifests/1.26");
  }
  EXPECT_EQ(resolve("docker.io/library/nginx", "9"), HW_NOT_FOUND);
  EXPECT_EQ(hub.pulls, 0);
  EXPECT_EQ(seen.digests, (std::vector<std::string>{FakeHub::digest(2), FakeHub::digest(2)}));
}

TEST_F(HubPlugin, serves_docker_hub_only) {
  start("{}");
  EXPECT_EQ(list("ghcr.io/acme/app"), HW_UNSUPPORTED);
  EXPECT_EQ(resolve("ghcr.io/acme/app", "1"), HW_UNSUPPORTED);
  EXPECT_EQ(list("docker.io/../x"), HW_INVALID);
  EXPECT_TRUE(hub.log.empty());
}

}  // namespace
}  // namespace headwind::registries
