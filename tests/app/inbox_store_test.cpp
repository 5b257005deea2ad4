// SPDX-License-Identifier: Apache-2.0
// Pushes that wait for their decision outlive the process, with the traces that they are a part of.
#include "app/inbox_store.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "net/loop.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;
using update::Hint;
using update::Origin;

// An API server that keeps one ConfigMap.
class InboxStore : public net::test::Loop {
 protected:
  void SetUp() override {
    api = serve([this](net::ServerRequest request) { return answer(std::move(request)); });
    http = std::make_shared<net::Client>(executor(), net::ClientOptions{.user_agent = "test"});
    kube::Access access;
    access.server = net::test::at(api->port(), "");
    client = std::make_shared<kube::Client>(std::move(access), http, metrics);
  }
  void TearDown() override {
    http->shut_down();
    run(api->drain(std::chrono::milliseconds(100)));
  }
  // As a process that has just begun reads it.
  std::map<std::string, Hint> load() {
    const auto hints = run(ConfigMapInbox(client, "home").load());
    EXPECT_TRUE(hints) << hints.error().message;
    std::map<std::string, Hint> all;
    if (hints)
      for (const Hint& hint : *hints) all[hint.key()] = hint;
    return all;
  }
  void write(std::vector<Hint> put, std::vector<std::string> gone = {}) {
    const auto written = run(ConfigMapInbox(client, "home").write(std::move(put), std::move(gone)));
    ASSERT_TRUE(written) << written.error().message;
  }

  json stored;  // null: there is none yet

 private:
  Task<net::ServerResponse> answer(net::ServerRequest request) {
    net::ServerResponse response;
    response.headers.push_back({"Content-Type", "application/json"});
    if (request.method == "POST") {
      stored = json::parse(request.body);
      response.status = 201;
    } else if (stored.is_null()) {
      response.status = 404;
    } else if (request.method == "PATCH") {
      stored.merge_patch(json::parse(request.body));
    }
    response.body = response.status == 404 ? R"({"kind":"Status","code":404,"reason":"NotFound"})" : stored.dump();
    co_return response;
  }

  telemetry::Metrics metrics;
  std::unique_ptr<net::Server> api;
  std::shared_ptr<net::Client> http;
  std::shared_ptr<kube::Client> client;
};

TEST_F(InboxStore, what_waits_is_read_again_with_its_trace) {
  EXPECT_TRUE(load().empty());
  const std::string traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const Hint pushed{"r.io/shop/web", "1.1.0", "sha256:1", Origin::webhook, traceparent + " vendor=planted", 1'700};
  const Hint polled{"r.io/shop/web", "1.2.0", "", Origin::polling, traceparent, 1'800};
  const Hint swept{"r.io/shop/db", "16.1", "", Origin::sweep, "", 1'900};
  write({pushed});
  write({polled, swept});
  const auto all = load();
  ASSERT_EQ(all.size(), 3U);
  for (const Hint& hint : {pushed, polled, swept}) {
    const Hint& found = all.at(hint.key());
    EXPECT_EQ(found.repository, hint.repository);
    EXPECT_EQ(found.tag, hint.tag);
    EXPECT_EQ(found.digest, hint.digest);
    EXPECT_EQ(found.origin, hint.origin);
    EXPECT_EQ(found.trace, hint.trace);
    EXPECT_EQ(found.arrived_ms, hint.arrived_ms);
  }
}

TEST_F(InboxStore, what_is_done_with_is_gone_and_what_is_not_understood_is_left_alone) {
  const Hint one{"r.io/a", "1", "", Origin::webhook, "", 1}, other{"r.io/b", "1", "", Origin::webhook, "", 1};
  write({one, other});
  stored["data"]["hint-by-hand"] = "{\"tag\":7}";
  write({}, {one.key()});
  const auto all = load();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all.contains(other.key()));
  EXPECT_TRUE(stored["data"].contains("hint-by-hand"));
}

}  // namespace
}  // namespace headwind::app
