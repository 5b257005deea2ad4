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
using testing::Not;

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

TEST_F(Explain, nobody_says_that_a_registry_was_asked) {
  const auto ended = explain(manifest("minor"), {"--tags", tags});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("  The file " + tags + " lists 5 tags.\n"));
  EXPECT_THAT(ended.out,
              HasSubstr("  The file " + tags + " lists 5 tags, not the running one: with it, there are 6.\n"));
  EXPECT_THAT(ended.out, HasSubstr("none of 6 tags"));
  EXPECT_THAT(ended.out, Not(HasSubstr("registry was asked")));
}

TEST_F(Explain, all_workloads_of_the_manifest_are_explained) {
  const std::string other =
      "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n  annotations: {headwind.sh/policy: minor}\n"
      "spec:\n  template:\n    spec:\n      containers: [{name: db, image: 'nginx:1.25.1'}]\n";
  const std::string plain =
      "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: plain}\nspec:\n  template:\n    spec:\n"
      "      containers: [{name: app, image: 'nginx:1.25.0'}]\n";
  const auto both = explain(manifest("minor") + other + plain, {"--tags", "app=" + tags, "--tags", "db=" + tags});
  ASSERT_EQ(both.code, 0) << both.err;
  EXPECT_THAT(both.out, HasSubstr("Deployment shop/web: containers/app may go from nginx:1.25.0 to 1.26.0."));
  EXPECT_THAT(both.out, HasSubstr("StatefulSet default/db: containers/db may go from nginx:1.25.1 to 1.26.0."));
  EXPECT_THAT(both.err, HasSubstr("note: Deployment default/plain has no headwind.sh/policy and is left out"));
  const std::string file = directory.write("two.yaml", manifest("minor") + other);
  const auto from_input = headwind({"explain", "-f", file, "--tags", "-"}, "1.25.0\n1.26.0\n");
  ASSERT_EQ(from_input.code, 0) << from_input.err;
  EXPECT_THAT(from_input.out, HasSubstr("containers/db may go from nginx:1.25.1 to 1.26.0."));
  EXPECT_THAT(from_input.out, HasSubstr("The list on standard input lists 2 tags.")) << "read once, for both";
  const auto nobody = explain(manifest("minor") + other, {"--tags", "nope=" + tags});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_THAT(nobody.err, HasSubstr("Deployment shop/web, StatefulSet default/db have no container nope"));
}

TEST_F(Explain, polling_works_where_the_configuration_has_it) {
  const std::string polls = manifest("minor", "    headwind.sh/event-source: polling\n");
  const std::string off = directory.write("off.yaml", "polling: {enabled: false}\n");
  const std::string on = directory.write("on.yaml", "polling: {enabled: true}\n");
  const std::string never = "it asks for polling, which polling.enabled switches off; 1.26.0 is not seen";
  const auto ended = explain(polls, {"--tags", "app=" + tags, "--config", off});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr(never));
  const auto unsaid = explain(polls, {"--tags", "app=" + tags});
  EXPECT_THAT(unsaid.out, HasSubstr(never));
  EXPECT_THAT(unsaid.err, HasSubstr("note: polling.enabled is false by default"));
  const auto works = explain(polls, {"--tags", "app=" + tags, "--config", on});
  EXPECT_THAT(works.out, HasSubstr("1.26.0 is taken when its tags are read next: every polling.interval."));
  const auto both = explain(manifest("minor", "    headwind.sh/event-source: both\n"), {"--tags", "app=" + tags});
  EXPECT_THAT(both.out, HasSubstr("so 1.26.0 is taken when a push of it is announced"));
}

TEST_F(Explain, a_list_without_tags_is_refused) {
  const std::string file = directory.write("none", "\n");
  const auto ended = explain(manifest("minor"), {"--tags", file});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("the file " + file + " has no tags"));
}

TEST_F(Explain, what_a_policy_refuses_is_a_mistake_and_what_was_not_taken_is_said_so) {
  const auto ended = explain(manifest("minor", "    headwind.sh/policy-config: '{}'\n"), {"--tags", tags});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("What it waits for\n  It is left alone until its mistake is mended: "
                                   "headwind.sh/policy-config.\n"));
  EXPECT_THAT(ended.out, HasSubstr("Mistakes\n  Deployment shop/web: annotation headwind.sh/policy-config: policy "
                                   "\"minor\" takes no options; remove the annotation.\n"));
  EXPECT_THAT(ended.out, HasSubstr("headwind.sh/policy-config         {} (see Mistakes)\n"));
  EXPECT_THAT(ended.out, HasSubstr("  Nothing is taken: see Mistakes.\n"));
  EXPECT_EQ(ended.out.find("takes no options"), ended.out.rfind("takes no options")) << "told once";
  const auto both =
      explain(manifest("minor", "    headwind.sh/policy-config: '{}'\n    headwind.sh/approval-timeout: soon\n"),
              {"--tags", tags});
  EXPECT_EQ(both.out.rfind("Deployment shop/web: It is left alone until its 2 mistakes are mended: "
                           "headwind.sh/approval-timeout, headwind.sh/policy-config.\n",
                           0),
            0U)
      << both.out;
  const auto refused = explain(manifest("minor", "    headwind.sh/approval-timeout: soon\n"), {"--tags", tags});
  EXPECT_THAT(refused.out, HasSubstr("headwind.sh/approval-timeout      (see Mistakes)\n"));
  EXPECT_EQ(refused.out.rfind("Deployment shop/web: It is left alone until its mistake is mended: "
                              "headwind.sh/approval-timeout.\n",
                              0),
            0U)
      << refused.out;
}

TEST_F(Explain, options_of_a_running_Headwind_do_not_go_with_a_manifest) {
  for (const char* option : {"--api-url", "-n", "--kubeconfig"}) {
    const auto ended = explain(manifest("minor"), {"--tags", tags, option, "x"});
    EXPECT_EQ(ended.code, 2) << option;
    EXPECT_THAT(ended.err, HasSubstr("and -f exclude each other"));
  }
}

TEST_F(Explain, without_a_cluster_it_names_its_own_options) {
  const auto ended = headwind({"explain", "shop/deployment/web"}, {}, {"HOME=/nowhere", "KUBECONFIG="});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("no cluster: give --kubeconfig or set KUBECONFIG, or give --api-url"));
}

TEST_F(Explain, standard_input_is_one_thing) {
  for (const auto& more : {std::vector<std::string>{"--tags", "-"}, {"--tags", "app=-"}}) {
    const auto ended = explain(manifest("minor"), more);
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, HasSubstr("only one of them can be standard input"));
  }
  const std::string file = directory.write("web.yaml", manifest("minor"));
  EXPECT_EQ(headwind({"explain", "-f", file, "--tags", "app=-", "--tags", "side=-"}, "1.26.0\n").code, 2);
}

TEST_F(Explain, mistakes_come_first) {
  const auto ended = explain(manifest("glob"), {"--tags", tags});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("It is left alone until its mistake is mended: headwind.sh/pattern."));
  EXPECT_THAT(ended.out, HasSubstr("policy glob needs one"));
  EXPECT_EQ(ended.out.find("policy glob needs one"), ended.out.rfind("policy glob needs one")) << ended.out;
  const auto unknown = explain(manifest("glub"), {"--tags", tags});
  EXPECT_EQ(unknown.out.find("no loaded policy plugin serves"), unknown.out.rfind("no loaded policy plugin serves"))
      << unknown.out;
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
  const auto broken = explain("kind: [\n", {"--tags", tags});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("the manifest cannot be read: line 2, column 1: is not YAML"));
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
