// SPDX-License-Identifier: Apache-2.0
// The shared object, through its C tables, with a fake chart repository behind the host's HTTP.
#include <gmock/gmock.h>
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>

#include <map>

#include "plugins_helm/fake_charts.hpp"
#include "plugins_helm/index_text.hpp"

namespace headwind::registries::helm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HelmPlugin : public ::testing::Test {
 protected:
  struct Seen {
    std::map<std::string, std::pair<std::string, std::int64_t>> tags;  // digest and creation time
    std::vector<std::string> digests;
    int pages = 0;
  };

  HelmPlugin() {
    charts.put("/stable/index.yaml", sample("index.yaml"));
    charts.put("/server/index.yaml", sample("server.yaml"));
    host.http = [this](const hw::http_request& request) {
      auto response = charts.answer({request.method, request.url, request.headers, request.max_body, request.body});
      return hw::http_response{response.status, response.headers, response.body};
    };
  }
  void start(const std::string& settings = "{}") {
    plugin.emplace(host, hw::testing::load(HELM_PLUGIN), settings);
    ASSERT_EQ(plugin->status(), HW_OK);
  }

  hw_registry_sink sink() {
    return {sizeof(hw_registry_sink),
            0,
            &seen,
            [](void* ctx, const hw_tags* page) -> hw_status {
              auto& to = *static_cast<Seen*>(ctx);
              ++to.pages;
              for (std::size_t i = 0; i < page->count; ++i)
                to.tags[std::string(hw::view(page->names[i]))] = {std::string(hw::view(page->digests[i])),
                                                                  page->created_ms[i]};
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
  hw_status resolve(const std::string& name, const std::string& version) {
    const auto out = sink();
    return plugin->api<hw_registry_api>()->resolve(plugin->self(), host.call(), hw::str(name), hw::str(version),
                                                   hw_str{nullptr, 0}, &out);
  }
  std::string told() const { return host.failures.empty() ? "" : host.failures.back().message; }

  FakeCharts charts;
  hw::testing::fake_host host;
  Seen seen;
  std::optional<hw::testing::instance> plugin;
};

TEST_F(HelmPlugin, lists_versions_with_digests_and_times) {
  start();
  ASSERT_EQ(list("https://charts.test/stable/podinfo"), HW_OK) << told();
  EXPECT_EQ(seen.tags.size(), 3u);
  EXPECT_EQ(seen.tags["6.9.1"],
            std::pair(std::string("sha256:9c1a3f5e7b2d4c6a8e0f1b3d5c7a9e2f4b6d8c0a1e3f5b7d9c2a4e6f8b0d1c3e"),
                      std::int64_t{1772460344120}));
  EXPECT_EQ(host.requests[0].max_body, 64u << 20u);
}

TEST_F(HelmPlugin, resolves_to_the_digest_of_the_index_or_to_one_of_the_entry) {
  start();
  ASSERT_EQ(resolve("https://charts.test/stable/podinfo", "6.9.0"), HW_OK);
  ASSERT_EQ(resolve("https://charts.test/server/nginx", "0.2.0"), HW_OK);
  ASSERT_EQ(resolve("https://charts.test/server/nginx", "0.2.0"), HW_OK);
  ASSERT_EQ(list("https://charts.test/server/nginx"), HW_OK);
  EXPECT_EQ(seen.tags["0.2.0"].first, "") << "a list tells only what the index does";
  EXPECT_EQ(seen.digests[0], "sha256:1e3d5c7b9a0f2e4d6c8b0a1f3e5d7c9b2a4f6e8d0c1b3a5f7e9d2c4b6a8f0e1d");
  EXPECT_EQ(seen.digests[1].size(), 71u);
  EXPECT_EQ(seen.digests[1], seen.digests[2]);
}

TEST_F(HelmPlugin, reads_an_index_once_and_then_asks_whether_it_changed) {
  start(R"({"freshness":120})");
  for (const char* chart : {"podinfo", "common", "podinfo"})
    ASSERT_EQ(list(std::string("https://charts.test/stable/") + chart), HW_OK);
  EXPECT_EQ(charts.log(), std::vector<std::string>{"GET /stable/index.yaml -> 200"});
  host.mono_ms += 120'000;
  host.deadline_ms += 120'000;
  ASSERT_EQ(list("https://charts.test/stable/podinfo"), HW_OK);
  EXPECT_EQ(charts.log().back(), "GET /stable/index.yaml -> 304");
  charts.put("/stable/index.yaml", index_of({"version: 1.0.0"}));
  host.mono_ms += 120'000;
  host.deadline_ms += 120'000;
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_NOT_FOUND);
  EXPECT_EQ(charts.log().back(), "GET /stable/index.yaml -> 200");
}

TEST_F(HelmPlugin, tells_what_is_not_there) {
  start();
  EXPECT_EQ(list("https://charts.test/other/podinfo"), HW_NOT_FOUND);
  EXPECT_THAT(told(), HasSubstr("https://charts.test/other answered 404"));
  EXPECT_EQ(list("https://charts.test/stable/other"), HW_NOT_FOUND);
  EXPECT_EQ(resolve("https://charts.test/stable/podinfo", "1.0.0"), HW_NOT_FOUND);
  EXPECT_EQ(seen.pages, 0);
  EXPECT_EQ(list("charts.test/stable/podinfo"), HW_INVALID);
}

TEST_F(HelmPlugin, shows_the_credential_of_the_call_or_of_the_settings) {
  charts.authorization = "Basic Y2k6czNjcmV0";
  start();
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_DENIED);
  EXPECT_THAT(told(), HasSubstr("registries.charts.test.username"));
  host.credential = hw::credential{"secret-1", "ci", "s3cret", "", ""};
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_OK);
  host.credential = hw::credential{"secret-2", "ci", "wr0ng", "", ""};
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_DENIED);
  EXPECT_THAT(told(), Not(HasSubstr("wr0ng")));
  host.credential.reset();
  host.secrets = std::map<std::string, std::string>{{"p", "s3cret"}};
  start(R"({"hosts":{"charts.test":{"username":"ci","password_secret":"p"}}})");
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_OK);
}

TEST_F(HelmPlugin, tells_an_error_and_no_list_where_the_index_is_broken) {
  charts.put("/stable/index.yaml", "entries: {}\n");
  start();
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_INVALID);
  EXPECT_THAT(told(), HasSubstr("has no apiVersion"));
  EXPECT_EQ(seen.pages, 0);
}

TEST_F(HelmPlugin, logs_how_many_entries_it_left_out) {
  charts.put("/stable/index.yaml", index_of({"version: 1.0.0", "version: x", "description: none"}));
  start();
  ASSERT_EQ(list("https://charts.test/stable/app"), HW_OK);
  ASSERT_FALSE(host.logs.empty());
  EXPECT_EQ(host.logs.back().at, hw::level::debug);
  EXPECT_THAT(host.logs.back().fields, ::testing::Contains(std::pair<std::string, std::string>("left_out", "2")));
}

TEST_F(HelmPlugin, ends_a_call_that_is_cancelled) {
  start();
  host.cancelled = true;
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_CANCELLED);
  host.cancelled = false;
  EXPECT_EQ(list("https://charts.test/stable/podinfo"), HW_OK);
  EXPECT_EQ(charts.log().size(), 2u) << "what was read of the index went with the call";
}

TEST_F(HelmPlugin, has_neither_webhooks_nor_platforms) {
  start();
  EXPECT_EQ(plugin->api<hw_registry_api>()->parse_webhook, nullptr);
  EXPECT_EQ(plugin->api<hw_registry_api>()->platforms, nullptr);
}

TEST_F(HelmPlugin, refuses_settings_that_make_no_sense) {
  hw::testing::instance refused(host, hw::testing::load(HELM_PLUGIN), R"({"freshness":0})");
  EXPECT_EQ(refused.status(), HW_INVALID);
}

}  // namespace
}  // namespace headwind::registries::helm
