// SPDX-License-Identifier: Apache-2.0
// The shared object in the real host, with a chart repository on a port of loopback.
#include <gmock/gmock.h>

#include "net/server.hpp"
#include "plugin/world.hpp"
#include "plugins_helm/fake_charts.hpp"
#include "plugins_helm/index_text.hpp"

namespace headwind::plugin {
namespace {

class HelmInHost : public World {
 protected:
  HelmInHost() { options.directories = {HELM_PLUGIN}; }
  ~HelmInHost() override {
    if (server) run(server->drain(std::chrono::milliseconds(100)));
  }
  void SetUp() override {
    net::ServerOptions at;
    at.address = "127.0.0.1";
    auto listening = net::Server::listen(loop.get_executor(), at,
                                         [this](net::ServerRequest request) { return answer(std::move(request)); });
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
    start();
    const auto created = create("helm", "headwind.registry.helm");
    ASSERT_TRUE(created) << created.error().message;
  }
  std::string repository(const std::string& chart) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + "/stable/" + chart;
  }

  Task<net::ServerResponse> answer(net::ServerRequest from) {
    co_await sleep_for(delay);
    registries::Request request{from.method, from.path, {}, 0, {}};
    for (auto& header : from.headers) request.headers.emplace_back(header.name, header.value);
    auto response = charts.answer(request);
    net::ServerResponse out;
    out.status = static_cast<unsigned>(response.status);
    out.body = std::move(response.body);
    for (auto& [name, value] : response.headers) out.headers.push_back({name, value});
    co_return out;
  }

  registries::helm::FakeCharts charts;
  std::chrono::milliseconds delay{0};
  std::unique_ptr<net::Server> server;
};

TEST_F(HelmInHost, tells_versions_digests_and_times) {
  charts.put("/stable/index.yaml", registries::helm::sample("index.yaml"));
  const auto tags = run(host->registries().front().list_tags(repository("podinfo")));
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_EQ(tags->names, (std::vector<std::string>{"6.9.1", "6.9.0", "6.9.0-rc.1+build.5"}));
  EXPECT_EQ(tags->created_ms[0], 1772460344120);
  const auto digest = run(host->registries().front().resolve(repository("podinfo"), "6.9.1"));
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_EQ(*digest, tags->digests[0]);
  EXPECT_EQ(charts.log().size(), 1u);
}

TEST_F(HelmInHost, reads_an_index_once_for_calls_that_come_together) {
  std::string text = "apiVersion: v1\nentries:\n";
  for (int i = 0; i < 6; ++i)
    text += "  c" + std::to_string(i) + ": [{name: c, version: 1.0." + std::to_string(i) + "}]\n";
  charts.put("/stable/index.yaml", text);
  delay = std::chrono::milliseconds(200);
  std::vector<Tags> found;
  int ended = 0;
  for (int i = 0; i < 6; ++i)
    boost::asio::co_spawn(loop, host->registries().front().list_tags(repository("c" + std::to_string(i))),
                          [&](std::exception_ptr, Result<Tags> tags) {
                            ++ended;
                            if (tags) found.push_back(std::move(*tags));
                          });
  turn([&] { return ended == 6; });
  EXPECT_EQ(found.size(), 6u);
  EXPECT_EQ(charts.log(), std::vector<std::string>{"GET /stable/index.yaml -> 200"});
}

TEST_F(HelmInHost, reads_an_index_that_is_longer_than_other_replies_may_be) {
  std::string text = "apiVersion: v1\nentries:\n";
  for (int chart = 0; text.size() < 30U << 20U; ++chart) {
    const std::string name = "chart-" + std::to_string(chart);
    text += "  " + name + ":\n";
    for (int i = 0; i < 100; ++i)
      text += "  - name: " + name + "\n    description: " + std::string(200, 'd') + "\n    " +
              registries::helm::digest_line('a') + "\n    version: 1.0." + std::to_string(i) + "\n";
  }
  charts.put("/stable/index.yaml", text);
  const auto tags = run(host->registries().front().list_tags(repository("chart-7")));
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_EQ(tags->names.size(), 100u);
}

TEST_F(HelmInHost, tells_the_host_why_there_is_no_list) {
  const auto gone = run(host->registries().front().list_tags(repository("podinfo")));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Code::not_found);
  EXPECT_THAT(gone.error().message, testing::HasSubstr("answered 404 for its index.yaml"));
}

}  // namespace
}  // namespace headwind::plugin
