// SPDX-License-Identifier: Apache-2.0
// Pushes that wait for their decision outlive the process, with the traces that they are a part of.
#include "app/inbox_store.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "kube/scripted.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;
using update::Hint;
using update::Origin;

// An API server that keeps one ConfigMap.
class InboxStore : public kube::test::Scripted {
 protected:
  void SetUp() override {
    respond = [this](const net::ServerRequest& request) { return serve_config_map(request); };
    api = client();
  }
  // As a process that has just begun reads it.
  std::map<std::string, Hint> load() {
    const auto hints = run(ConfigMapInbox(api, "home").load());
    EXPECT_TRUE(hints) << hints.error().message;
    std::map<std::string, Hint> all;
    if (hints)
      for (const Hint& hint : *hints) all[hint.key()] = hint;
    return all;
  }
  void write(std::vector<Hint> put, std::vector<std::string> gone = {}) {
    const auto written = run(ConfigMapInbox(api, "home").write(std::move(put), std::move(gone)));
    ASSERT_TRUE(written) << written.error().message;
  }

  json stored;  // null: there is none yet

 private:
  net::ServerResponse serve_config_map(const net::ServerRequest& request) {
    if (request.method == "POST") {
      stored = json::parse(request.body);
      return kube::test::answer(201, stored.dump());
    }
    if (stored.is_null()) return kube::test::answer(404, kube::test::status_body(404, "NotFound", "there is none"));
    if (request.method == "PATCH") stored.merge_patch(json::parse(request.body));
    return kube::test::answer(200, stored.dump());
  }

  std::shared_ptr<kube::Client> api;
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
