// SPDX-License-Identifier: Apache-2.0
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

constexpr const char* kExplain = "/api/v1/explain/prod/Deployment/web";

TEST_F(ApprovalTest, a_workload_is_explained_as_json_and_as_text) {
  propose();
  store.push(kNginx, "1.25.0");
  const json explanation = body(get(kExplain));
  EXPECT_EQ(explanation["kind"], "Deployment");
  EXPECT_EQ(explanation["slots"][0]["choice"], "1.26.0");
  EXPECT_EQ(explanation["waits"][0]["kind"], "approval");
  const auto text = get(std::string(kExplain) + "?format=text");
  EXPECT_EQ(text.status, 200U);
  EXPECT_EQ(header(text, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(text.body.rfind(explanation["summary"].get<std::string>() + "\n", 0), 0U) << text.body;
}

TEST_F(ApprovalTest, what_is_unknown_is_not_explained_and_not_kept) {
  for (const char* path : {"/api/v1/explain/prod/Deployment/nope", "/api/v1/explain/prod/AKindThatIsNowhere/web"})
    EXPECT_EQ(get(path).status, 404U) << path;
  EXPECT_FALSE(Symbol::exists("AKindThatIsNowhere"));
  EXPECT_EQ(get(std::string(kExplain) + "?format=xml").status, 400U);
}

}  // namespace
}  // namespace headwind::api
