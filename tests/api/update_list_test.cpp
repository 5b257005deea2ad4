// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/updates: what it finds, what it shows of it, and what that costs.
#include "api/update_list.hpp"

#include <algorithm>
#include <string>

#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;
using update::RequestKey;
using update::UpdateRequest;

// A list of many, as the engine would show them.
class Many {
 public:
  explicit Many(int count) {
    for (int i = 0; i < count; ++i) {
      UpdateRequest request;
      const std::string number = std::to_string(10000 + i);
      request.key = {i % 2 == 0 ? "blue" : "green", "web-" + number};
      request.target_kind = i % 3 == 0 ? "StatefulSet" : "Deployment";
      request.target_name = "web-" + std::to_string(i % 7);
      request.container = i % 5 == 0 ? "sidecar" : "app";
      request.current_image = "nginx:1.25." + number, request.new_image = "Nginx:1.26." + number;
      request.policy = "minor";
      request.phase = i % 10 == 0 ? update::Phase::completed : update::Phase::pending;
      request.json =
          R"({"apiVersion":"headwind.sh/v1alpha1","kind":"UpdateRequest","metadata":{"name":")" + request.key.name +
          R"(","labels":{"a":"b"}},"spec":{"newImage":")" + request.new_image +
          R"(","targetRef":{"kind":"x","name":"y"}},"status":{"phase":"Pending","conditions":[{"type":"T"}]}})";
      all_[request.key] = request;
    }
  }
  UpdateList list(const TextMap& parameters) {
    visited = 0;
    auto query = read_list_query(parameters);
    if (!query) throw std::runtime_error(query.error().message);
    const RequestSource source = [this](const RequestKey& from, const auto& visit) {
      for (auto place = all_.lower_bound(from); place != all_.end(); ++place) {
        ++visited;
        if (!visit(place->second)) return;
      }
    };
    return list_updates(source, *query);
  }
  std::size_t count(const TextMap& parameters) { return json::parse(list(parameters).json).size(); }

  std::size_t visited = 0;

 private:
  std::map<RequestKey, UpdateRequest> all_;
};

TEST(UpdateList, a_page_of_a_hundred_among_five_thousand_looks_at_a_hundred_and_one) {
  Many many(5000);
  std::string next;
  for (int page = 0; page < 50; ++page) {
    const UpdateList list = many.list({{"limit", "100"}, {"continue", next}});
    EXPECT_EQ(json::parse(list.json).size(), 100U);
    EXPECT_LE(many.visited, 102U) << "the last of the page before, the page, and whether there is more";
    next = list.next;
  }
  EXPECT_EQ(next, "");
}

TEST(UpdateList, another_namespace_is_not_looked_at) {
  Many many(5000);
  EXPECT_EQ(many.count({{"namespace", "green"}}), 2500U);
  EXPECT_EQ(many.visited, 2500U);
  EXPECT_EQ(many.count({{"namespace", "blue"}, {"limit", "10"}}), 10U);
  EXPECT_LE(many.visited, 11U);
  EXPECT_EQ(many.count({{"namespace", "black"}}), 0U);
  EXPECT_LE(many.visited, 1U);
}

TEST(UpdateList, every_filter_narrows_it) {
  Many many(210);
  EXPECT_EQ(many.count({}), 210U);
  EXPECT_EQ(many.count({{"kind", "StatefulSet"}}), 70U);
  EXPECT_EQ(many.count({{"deployment", "web-3"}}), 30U);
  EXPECT_EQ(many.count({{"container", "sidecar"}}), 42U);
  EXPECT_EQ(many.count({{"policy", "minor"}}), 210U);
  EXPECT_EQ(many.count({{"policy", "major"}}), 0U);
  EXPECT_EQ(many.count({{"phase", "Completed"}}), 21U);
  EXPECT_EQ(many.count({{"phase", "Completed,Pending"}}), 210U);
  EXPECT_EQ(many.count({{"phase", "Failed,Rejected"}}), 0U);
  EXPECT_EQ(many.count({{"q", "NGINX:1.26.10007"}}), 1U) << "of a name or an image, whatever the case";
  EXPECT_EQ(many.count({{"q", "green"}}), 105U);
  EXPECT_EQ(many.count({{"q", "absent"}}), 0U);
  EXPECT_EQ(many.count({{"kind", "StatefulSet"}, {"container", "sidecar"}, {"namespace", "blue"}}), 7U);
}

TEST(UpdateList, only_the_fields_that_are_asked_for_are_shown) {
  Many many(1);
  const auto fields = [&](const std::string& text) { return json::parse(many.list({{"fields", text}}).json)[0]; };
  EXPECT_EQ(fields("metadata.name,status.phase"),
            json({{"metadata", {{"name", "web-10000"}}}, {"status", {{"phase", "Pending"}}}}));
  EXPECT_EQ(fields("name,phase"), json({{"name", "web-10000"}, {"phase", "Completed"}}));
  EXPECT_EQ(fields("spec.targetRef.name , spec.newImage"),
            json({{"spec", {{"targetRef", {{"name", "y"}}}, {"newImage", "Nginx:1.26.10000"}}}}));
  EXPECT_EQ(fields("spec.targetRef,spec"), fields("spec")) << "the whole holds the part";
  EXPECT_EQ(fields("spec,spec.targetRef"), fields("spec"));
  EXPECT_EQ(fields("status.conditions"), json({{"status", {{"conditions", {{{"type", "T"}}}}}}}));
  EXPECT_EQ(fields("status.approvedBy"), json({{"status", json::object()}})) << "what it does not have";
  EXPECT_EQ(fields("kind"), json({{"kind", "UpdateRequest"}}));
}

TEST(UpdateList, a_query_that_cannot_be_meant_is_named) {
  const auto why = [](const TextMap& parameters) {
    const auto query = read_list_query(parameters);
    return query ? std::string() : query.error().message;
  };
  EXPECT_NE(why({{"phase", "Pending,pending"}}).find("phase must be"), std::string::npos);
  EXPECT_NE(why({{"fields", "metadata.name,nope"}}).find("nope is no field"), std::string::npos);
  EXPECT_NE(why({{"fields", ""}}).find("is no field"), std::string::npos);
  EXPECT_NE(why({{"fields", "spec..name"}}).find("no path"), std::string::npos);
  EXPECT_NE(why({{"fields", "spec.a.b.c.d.e.f.g.h"}}).find("no path"), std::string::npos);
  EXPECT_NE(why({{"fields", std::string(201, 'x')}}).find("too long"), std::string::npos);
  std::string many = "name";
  for (int i = 0; i < 50; ++i) many += ",name";
  EXPECT_NE(why({{"fields", many}}).find("one too many"), std::string::npos);
  EXPECT_NE(why({{"q", std::string(257, 'x')}}).find("q must not"), std::string::npos);
}

TEST_F(ApprovalTest, the_engine_shows_its_requests_to_the_list_without_a_copy) {
  propose();
  EXPECT_EQ(body(get("/api/v1/updates?fields=metadata.name,spec.newImage&phase=Pending,Approved")),
            json::array({{{"metadata", {{"name", "web-app-1-26-0"}}}, {"spec", {{"newImage", "nginx:1.26.0"}}}}}));
  EXPECT_EQ(body(get("/api/v1/updates?q=1.26&container=app")).size(), 1U);
  EXPECT_EQ(sentence(get("/api/v1/updates?fields=secret")),
            "fields: secret is no field of an item; begin with "
            "metadata, spec or status.");
}

}  // namespace
}  // namespace headwind::api
