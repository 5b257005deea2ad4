// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/private_registry.hpp"
#include "cli/serving.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

class RegistryTags : public PrivateRegistry {};

TEST_F(RegistryTags, one_a_line_in_their_natural_order_and_the_count_beside) {
  for (const char* tag : {"1.9.0", "1.10.0", "1.2.0"}) push("team/app", tag);
  const std::string file =
      directory.write("docker.json", json({{"auths", {{host, {{"username", "ci"}, {"password", "s3cret"}}}}}}).dump());
  const std::vector<std::string> words{"registry", "tags",   image("team/app:ignored"), "--sort",
                                       "--config", config(), "--docker-config",         file};
  const auto done = headwind(words);
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(done.out, "1.2.0\n1.9.0\n1.10.0\n");
  EXPECT_EQ(done.err, "3 tags of " + image("team/app") + "\n");

  auto for_machines = words;
  for_machines.emplace_back("--json");
  const json answer = json::parse(headwind(for_machines).out);
  EXPECT_EQ(answer["repository"], image("team/app"));
  EXPECT_EQ(answer["tags"], json({{{"tag", "1.2.0"}}, {{"tag", "1.9.0"}}, {{"tag", "1.10.0"}}}));
}

TEST_F(RegistryTags, a_repository_that_is_closed_prints_no_tag) {
  push("team/app", "1.0");
  const auto done = headwind({"registry", "tags", image("team/app"), "--config", config()});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, IsEmpty());
  EXPECT_THAT(done.err, HasSubstr("name the workload's pull secret with --namespace and --pull-secret"));
}

TEST(RegistryTagsCommand, a_missing_repository_is_not_sent_round_in_a_circle) {
  const Serving registry([](const net::ServerRequest&) { return json_answer("{}", 404); });
  const TemporaryDirectory directory;
  const std::string config =
      directory.write("c.yaml", "registries:\n  " + registry.host() + ":\n    endpoint: " + registry.url() + "\n");
  const auto done = headwind({"registry", "tags", registry.host() + "/gone", "--config", config});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("404"));
  EXPECT_THAT(done.err, HasSubstr("check its name"));
  EXPECT_THAT(done.err, testing::Not(HasSubstr("headwind registry tags")));
}

TEST(RegistryTagsCommand, a_hundred_thousand_tags_go_into_policy_test) {
  constexpr int count = 100'000, page = 1'000;
  const Serving registry([](const net::ServerRequest& request) {
    const std::size_t at = request.query.find("last=1.0.");
    const int first = at == std::string::npos ? 0 : std::stoi(request.query.substr(at + 9)) + 1;
    json tags = json::array();
    for (int i = first; i < first + page && i < count; ++i) tags.push_back("1.0." + std::to_string(i));
    net::ServerResponse response = json_answer(json({{"name", "big"}, {"tags", std::move(tags)}}).dump());
    if (first + page < count)
      response.headers.push_back(
          {"Link", "</v2/big/tags/list?n=1000&last=1.0." + std::to_string(first + page - 1) + R"(>; rel="next")"});
    return response;
  });
  const TemporaryDirectory directory;
  const std::string config =
      directory.write("c.yaml", "registries:\n  " + registry.host() + ":\n    endpoint: " + registry.url() + "\n");
  const auto done = headwind({"registry", "tags", registry.host() + "/big", "--config", config});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(std::count(done.out.begin(), done.out.end(), '\n'), count);
  EXPECT_THAT(done.err, HasSubstr("100000 tags of "));
  const auto chosen =
      headwind({"policy", "test", "--policy", "patch", "--current", "1.0.0", "--tags", "-", "--json"}, done.out);
  ASSERT_EQ(chosen.code, 0) << chosen.err;
  EXPECT_EQ(json::parse(chosen.out)["choice"], "1.0.99999");
}

}  // namespace
}  // namespace headwind::test
