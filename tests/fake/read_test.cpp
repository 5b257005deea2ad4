// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/post.hpp>

#include "harness.hpp"

namespace headwind::fake {
namespace {

class Read : public ApiTest {
 protected:
  void SetUp() override {
    ApiServerOptions options;
    options.roll_out = false;
    start(options);
  }
  void make(int count) {
    for (int at = 0; at < count; ++at) {
      const std::string labels = at % 2 == 0 ? R"({"half":"even"})" : R"({"half":"odd"})";
      ASSERT_TRUE(api_->put(config_map("c" + std::to_string(at), labels)));
    }
  }
};

TEST_F(Read, a_list_carries_its_revision_and_items_without_kind) {
  make(2);
  const Reply list = call("GET", kConfigMaps);
  ASSERT_EQ(list.status, 200U);
  EXPECT_EQ(list.body["kind"], "ConfigMapList");
  EXPECT_EQ(text_at(list.body, {"metadata", "resourceVersion"}), std::to_string(api_->resource_version()));
  ASSERT_EQ(list.body["items"].size(), 2U);
  EXPECT_FALSE(list.body["items"][0].contains("kind"));
}

TEST_F(Read, pages_show_the_revision_of_the_first_one) {
  make(5);
  const Reply first = call("GET", std::string(kConfigMaps) + "?limit=2");
  const std::string token = text_at(first.body, {"metadata", "continue"});
  ASSERT_FALSE(token.empty());
  ASSERT_TRUE(api_->remove("configmaps", "default", "c3"));
  ASSERT_TRUE(api_->put(config_map("c9")));
  const Reply second = call("GET", std::string(kConfigMaps) + "?limit=2&continue=" + token);
  ASSERT_EQ(second.status, 200U) << second.text;
  EXPECT_EQ(second.body["metadata"]["resourceVersion"], first.body["metadata"]["resourceVersion"]);
  EXPECT_EQ(second.body["items"][1]["metadata"]["name"], "c3");
  const Reply third =
      call("GET", std::string(kConfigMaps) + "?limit=2&continue=" + text_at(second.body, {"metadata", "continue"}));
  EXPECT_EQ(third.body["items"].size(), 1U);
  EXPECT_EQ(text_at(third.body, {"metadata", "continue"}), "");
}

TEST_F(Read, a_continue_token_expires_with_a_compaction_and_offers_an_inconsistent_rest) {
  make(3);
  const Reply first = call("GET", std::string(kConfigMaps) + "?limit=1");
  api_->compact();
  const Reply second =
      call("GET", std::string(kConfigMaps) + "?limit=1&continue=" + text_at(first.body, {"metadata", "continue"}));
  EXPECT_EQ(second.status, 410U);
  EXPECT_EQ(second.body["reason"], "Expired");
  const Reply rest =
      call("GET", std::string(kConfigMaps) + "?continue=" + text_at(second.body, {"metadata", "continue"}));
  EXPECT_EQ(rest.body["items"].size(), 2U);
  EXPECT_EQ(call("GET", std::string(kConfigMaps) + "?limit=1&continue=abc").status, 400U);
  EXPECT_EQ(call("GET", std::string(kConfigMaps) + "?limit=x").status, 400U);
}

TEST_F(Read, selectors_and_namespaces_narrow_a_list) {
  make(4);
  ASSERT_TRUE(api_->put(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c0","namespace":"other"}})"));
  EXPECT_EQ(call("GET", "/api/v1/configmaps").body["items"].size(), 5U);
  EXPECT_EQ(call("GET", "/api/v1/namespaces/other/configmaps").body["items"].size(), 1U);
  EXPECT_EQ(call("GET", "/api/v1/configmaps?labelSelector=half%3Deven").body["items"].size(), 2U);
  EXPECT_EQ(call("GET", "/api/v1/configmaps?labelSelector=half!%3Deven").body["items"].size(), 3U);
  EXPECT_EQ(call("GET", "/api/v1/configmaps?labelSelector=!half").body["items"].size(), 1U);
  EXPECT_EQ(call("GET", "/api/v1/configmaps?fieldSelector=metadata.name%3Dc0").body["items"].size(), 2U);
  EXPECT_EQ(call("GET", "/api/v1/configmaps?fieldSelector=data.a%3Db").status, 400U);
  EXPECT_EQ(call("GET", "/api/v1/configmaps?labelSelector=a%3D%3D%3Db").status, 400U);
}

TEST_F(Read, a_watch_goes_on_where_the_list_ended) {
  make(1);
  const std::string from = std::to_string(api_->resource_version());
  ASSERT_TRUE(api_->put(config_map("new")));
  ASSERT_TRUE(api_->merge("configmaps", "default", "new", R"({"data":{"a":"c"}})"));
  ASSERT_TRUE(api_->remove("configmaps", "default", "new"));
  const auto events = watch(std::string(kConfigMaps) + "?watch=1&timeoutSeconds=30&resourceVersion=" + from, 3);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0]["type"], "ADDED");
  EXPECT_EQ(events[0]["object"]["kind"], "ConfigMap");
  EXPECT_EQ(events[1]["type"], "MODIFIED");
  EXPECT_EQ(events[2]["type"], "DELETED");
  EXPECT_EQ(text_at(events[2], {"object", "metadata", "resourceVersion"}), std::to_string(api_->resource_version()));
}

TEST_F(Read, a_change_reaches_an_open_watch_and_the_end_of_its_time_a_bookmark) {
  bool changed = false;
  api_->on_request([&](const LoggedRequest& request) {
    if (request.verb != "watch" || changed) return;
    changed = true;
    boost::asio::post(io_, [this] { ASSERT_TRUE(api_->put(config_map("late"))); });
  });
  const std::string from = std::to_string(api_->resource_version());
  const auto events = watch(
      std::string(kConfigMaps) + "?watch=true&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=" + from, 99);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0]["type"], "ADDED");
  EXPECT_EQ(events[1]["type"], "BOOKMARK");
  EXPECT_EQ(text_at(events[1], {"object", "metadata", "resourceVersion"}), std::to_string(api_->resource_version()));
}

TEST_F(Read, a_watch_without_a_revision_starts_with_what_is_there) {
  make(2);
  const auto events = watch("/api/v1/configmaps?watch=1&timeoutSeconds=30&allowWatchBookmarks=true", 3);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1]["type"], "ADDED");
  EXPECT_EQ(text_at(events[2], {"object", "metadata", "annotations", "k8s.io/initial-events-end"}), "true");
}

TEST_F(Read, an_object_that_enters_or_leaves_the_selector_is_added_or_deleted) {
  make(1);
  const std::string from = std::to_string(api_->resource_version());
  ASSERT_TRUE(api_->merge("configmaps", "default", "c0", R"({"metadata":{"labels":{"half":"odd"}}})"));
  ASSERT_TRUE(api_->merge("configmaps", "default", "c0", R"({"metadata":{"labels":{"half":"even"}}})"));
  const auto events =
      watch("/api/v1/configmaps?watch=1&timeoutSeconds=30&labelSelector=half%3Deven&resourceVersion=" + from, 2);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0]["type"], "DELETED");
  EXPECT_EQ(events[1]["type"], "ADDED");
}

TEST_F(Read, a_compacted_revision_is_told_as_410_inside_the_stream) {
  make(2);
  api_->compact();
  const auto events = watch("/api/v1/configmaps?watch=1&resourceVersion=2", 99);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["type"], "ERROR");
  EXPECT_EQ(events[0]["object"]["code"], 410);
  EXPECT_EQ(events[0]["object"]["reason"], "Expired");
}

TEST_F(Read, dropped_watches_end_and_are_forgotten) {
  api_->on_request([&](const LoggedRequest&) {
    boost::asio::post(io_, [this] {
      boost::asio::post(io_, [this] {
        EXPECT_EQ(api_->open_watches(), 1U);
        api_->drop_watches();
      });
    });
  });
  EXPECT_TRUE(watch("/api/v1/configmaps?watch=1&timeoutSeconds=30&resourceVersion=1", 99).size() <= 2U);
  EXPECT_EQ(api_->open_watches(), 0U);
}

TEST_F(Read, unknown_paths_and_methods_are_refused_as_upstream_does) {
  EXPECT_EQ(call("GET", "/nope").text, "404 page not found\n");
  EXPECT_EQ(call("GET", "/apis/nope").text, "404 page not found\n");
  EXPECT_EQ(call("GET", "/api/v1/nopes").body["reason"], "NotFound");
  EXPECT_EQ(call("PUT", kConfigMaps, "{}").status, 405U);
  EXPECT_EQ(call("POST", "/api/v1/configmaps", config_map("a")).status, 405U);
  EXPECT_EQ(call("GET", std::string(kConfigMaps) + "/none").body["message"], "configmaps \"none\" not found");
}

TEST_F(Read, health_version_and_discovery_answer) {
  for (const char* path : {"/healthz", "/livez", "/readyz"}) EXPECT_EQ(call("GET", path).text, "ok");
  EXPECT_EQ(call("GET", "/version").body["major"], "1");
  EXPECT_EQ(call("GET", "/api").body["versions"][0], "v1");
  EXPECT_EQ(call("GET", "/apis").body["kind"], "APIGroupList");
  EXPECT_EQ(call("GET", "/apis/headwind.sh").body["kind"], "APIGroup");
  const Reply list = call("GET", "/apis/headwind.sh/v1alpha1");
  EXPECT_EQ(list.body["resources"][0]["shortNames"].dump(), R"(["ur","upd"])");
  EXPECT_EQ(list.body["resources"][1]["name"], "updaterequests/status");
}

}  // namespace
}  // namespace headwind::fake
