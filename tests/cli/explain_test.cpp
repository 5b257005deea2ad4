// SPDX-License-Identifier: Apache-2.0
// `headwind explain` without a cluster: the operator's engine over a manifest and a list of tags.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string manifest(const std::string& policy, const std::string& more = {}) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n  annotations:\n"
         "    headwind.sh/policy: " +
         policy + "\n" + more +
         "spec:\n  template:\n    spec:\n      containers:\n      - {name: app, image: 'nginx:1.25.0'}\n"
         "      - {name: side, image: 'redis:7.0.0'}\n";
}

class Explain : public testing::Test {
 protected:
  Finished explain(const std::string& text, std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"explain", "-f", "-"};
    words.insert(words.end(), more.begin(), more.end());
    return headwind(words, text);
  }
  TemporaryDirectory directory;
  std::string tags = directory.write("tags", "1.25.0\n1.25.1\n1.26.0\n2.0.0\nlatest\n");
};

TEST_F(Explain, each_tag_has_its_verdict_and_rule) {
  const auto ended = explain(manifest("minor"), {"--tags", "app=" + tags, "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const json answer = json::parse(ended.out);
  const json& app = answer["slots"][0];
  EXPECT_EQ(app["choice"], "1.26.0");
  EXPECT_EQ(app["candidates"][0]["tag"], "1.26.0");
  EXPECT_EQ(app["candidates"][0]["reason"], "is newer than 1.25.0");
  EXPECT_EQ(app["candidates"][0]["rule"], "policy minor");
  EXPECT_EQ(app["counts"]["ignored"], 1);
  EXPECT_THAT(answer["slots"][1]["why"].get<std::string>(), HasSubstr("no list of tags was given"));
}

TEST_F(Explain, text_is_for_people) {
  const auto ended = explain(manifest("minor", "    headwind.sh/images: app\n"), {"--tags", tags});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out.rfind("Deployment shop/web: containers/app may go from nginx:1.25.0 to 1.26.0.", 0), 0U)
      << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("2.0.0   hold     changes the major version, which policy minor does not allow"));
  EXPECT_THAT(ended.out, HasSubstr("It is not followed: headwind.sh/images names neither side"));
}

TEST_F(Explain, mistakes_come_first) {
  const auto ended = explain(manifest("glob"), {"--tags", tags});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("It is left alone until this is mended"));
  EXPECT_THAT(ended.out, HasSubstr("policy glob needs one"));
}

TEST_F(Explain, what_cannot_be_explained_is_refused_with_a_sentence) {
  EXPECT_EQ(explain(manifest("minor")).code, 2) << "no tags";
  EXPECT_EQ(explain(manifest("minor"), {"--tags", "nope=" + tags}).code, 2);
  const auto other = explain("kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n", {"--tags", tags});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("no workload with headwind.sh/policy"));
  const auto chart = explain("name: {{ .Values.name }}\n", {"--tags", tags});
  EXPECT_EQ(chart.code, 2);
  EXPECT_THAT(chart.err, HasSubstr("explain what helm template prints"));
  const auto nobody = headwind({"explain", "a/b/c/d"});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_THAT(nobody.err, HasSubstr("NAMESPACE/KIND/NAME"));
}

TEST_F(Explain, an_API_that_is_not_there_is_named) {
  const auto ended = headwind({"explain", "shop/deployment/web", "--api-url", "http://127.0.0.1:1"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("Headwind's API at http://127.0.0.1:1 cannot be reached"));
}

}  // namespace
}  // namespace headwind::test
