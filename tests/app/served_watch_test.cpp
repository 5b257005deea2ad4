// SPDX-License-Identifier: Apache-2.0
// Which version of a kind is watched, and when the kind counts as gone.
#include "app/served_watch.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/related.hpp"
#include "kube/scripted.hpp"

namespace headwind::app {
namespace {

using Json = nlohmann::json;

class ServedWatchTest : public kube::test::Scripted {
 protected:
  void SetUp() override {
    respond = [this](const net::ServerRequest& request) { return serve_version(request); };
    objects = std::make_shared<RelatedObjects>();
    objects->on_change([this] { ++changes; });
    watch = std::make_shared<RelatedWatch>(client(), "source.toolkit.fluxcd.io/helmrepositories", objects);
    spawn(executor(), "watch", RelatedWatch::run(watch));
  }
  void TearDown() override {
    watch->stop();
    http->shut_down();
    run(server->drain(std::chrono::milliseconds(100)));
  }
  bool knows(const std::string& url) const {
    const auto* kept = objects->find("HelmRepository", "flux", "charts");
    return kept != nullptr && kept->json.find(url) != std::string::npos;
  }

  std::string served = "v1beta2", url = "https://old.test";
  std::size_t changes = 0;
  std::shared_ptr<RelatedObjects> objects;
  std::shared_ptr<RelatedWatch> watch;

 private:
  net::ServerResponse serve_version(const net::ServerRequest& request) const {
    using kube::test::answer, kube::test::status_body;
    const std::string group = "/apis/source.toolkit.fluxcd.io";
    if (request.path == group && !served.empty())
      return answer(200,
                    Json{{"preferredVersion", {{"version", served}}}, {"versions", {{{"version", served}}}}}.dump());
    if (served.empty() || request.path != group + "/" + served + "/helmrepositories")
      return answer(404, status_body(404, "NotFound", "the server could not find the requested resource"));
    if (request.query.find("watch=true") != std::string::npos)
      return kube::test::watch_of({R"({"type":"ERROR","object":{"code":410,"message":"too old"}})"
                                   "\n"},
                                  true);
    return answer(200, Json{{"metadata", {{"resourceVersion", "5"}}},
                            {"items",
                             {{{"apiVersion", "source.toolkit.fluxcd.io/" + served},
                               {"kind", "HelmRepository"},
                               {"metadata", {{"name", "charts"}, {"namespace", "flux"}, {"uid", "u"}}},
                               {"spec", {{"url", url}}}}}}}
                           .dump());
  }
};

TEST_F(ServedWatchTest, a_version_that_is_dropped_is_looked_up_again_and_nothing_counts_as_gone) {
  ASSERT_TRUE(until([&] { return knows("https://old.test"); }));
  served = "v1", url = "https://new.test";
  bool always_known = true;
  EXPECT_TRUE(until([&] {
    always_known = always_known && objects->find("HelmRepository", "flux", "charts") != nullptr;
    return knows("https://new.test");
  }));
  EXPECT_TRUE(always_known);
}

TEST_F(ServedWatchTest, a_kind_that_is_served_no_more_is_gone_with_all_of_it) {
  ASSERT_TRUE(until([&] { return knows("https://old.test"); }));
  served.clear();
  EXPECT_TRUE(until([&] { return objects->texts().empty(); }));
}

// Asks for another list while it looks for its sink, the first time: what the sink was told by then is out of date.
class AsksInBetween final : public ServedWatch {
 public:
  explicit AsksInBetween(std::shared_ptr<kube::Client> client)
      : ServedWatch(std::move(client), {"source.toolkit.fluxcd.io", "helmrepositories", {}}, {}) {}
  kube::test::Recorder recorder;
  int asked = 0;

 private:
  Task<kube::Sink*> found(std::string) override {
    if (++asked == 1) list_again();
    co_return &recorder;
  }
  void absent(Served) override {}
};

TEST_F(ServedWatchTest, a_list_that_is_asked_for_before_the_first_begins_is_not_forgotten) {
  const auto asking = std::make_shared<AsksInBetween>(client());
  spawn(executor(), "watch", ServedWatch::run(asking));
  EXPECT_TRUE(until([&] { return asking->recorder.has("finished"); }));
  EXPECT_EQ(asking->asked, 2);
  asking->stop();
}

TEST(ServedVersion, is_the_first_that_is_wanted_or_the_one_that_is_preferred) {
  const std::string group = R"({"preferredVersion":{"version":"v2"},"versions":[{"version":"v2"},{"version":"v1"}]})";
  EXPECT_EQ(served_version(group, {"v1", "v2"}), "v1");
  EXPECT_EQ(served_version(group, {"v3"}), "");
  EXPECT_EQ(served_version(group, {}), "v2");
  EXPECT_EQ(served_version("[1", {"v1"}), "");
}

}  // namespace
}  // namespace headwind::app
