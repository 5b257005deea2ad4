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

TEST_F(ApprovalTest, no_more_is_looked_up_for_explanations_than_may_be_at_once) {
  for (int i = 0; i < 9; ++i)
    store.deploy("Deployment", "slow-" + std::to_string(i),
                 {{"app", "slow.example/app-" + std::to_string(i) + ":1.0.0"}}, {{"policy", "minor"}});
  world.watch();
  world.hanging.insert("slow.example");
  std::size_t answered = 0;
  for (int i = 0; i < 8; ++i)
    spawn(world.io.get_executor(), "asks", [](net::Handler ask, std::string path, std::size_t& done) -> Task<> {
      const net::ServerResponse told = co_await ask(request("GET", path));
      EXPECT_EQ(told.status, 200U);
      ++done;
    }(handler, "/api/v1/explain/prod/Deployment/slow-" + std::to_string(i), answered));
  world.io.restart();
  while (world.look_ups < 8) world.io.run_one_for(std::chrono::milliseconds(10));
  const net::ServerResponse refused = run(world.io, handler(request("GET", "/api/v1/explain/prod/Deployment/slow-8")));
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(header(refused, "Retry-After"), "2");
  EXPECT_NE(body(refused)["detail"].get<std::string>().find("look-ups for explanations"), std::string::npos);
  EXPECT_EQ(world.look_ups, 8U);
  EXPECT_EQ(get(kExplain).status, 200U) << "another registry is not held up by it";
  world.hanging.clear();
  world.io.restart();
  while (answered < 8) world.io.run_one_for(std::chrono::milliseconds(10));
  EXPECT_EQ(get("/api/v1/explain/prod/Deployment/slow-8").status, 200U);
}

TEST_F(ApprovalTest, what_is_unknown_is_not_explained_and_not_kept) {
  for (const char* path : {"/api/v1/explain/prod/Deployment/nope", "/api/v1/explain/prod/AKindThatIsNowhere/web"})
    EXPECT_EQ(get(path).status, 404U) << path;
  EXPECT_FALSE(Symbol::exists("AKindThatIsNowhere"));
  EXPECT_EQ(get(std::string(kExplain) + "?format=xml").status, 400U);
}

}  // namespace
}  // namespace headwind::api
