// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A Deployment whose annotations, one a line, begin at line 7.
std::string deployment(const std::string& annotations, const std::string& image = "nginx:1.25.0") {
  std::string text =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n  annotations:\n";
  for (std::size_t at = 0; at < annotations.size();) {
    const std::size_t end = std::min(annotations.find('\n', at), annotations.size());
    text += "    headwind.sh/" + annotations.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return text +
         "spec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n"
         "      containers:\n      - {name: app, image: '" +
         image + "'}\n";
}

Finished lint(const std::string& manifest, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"lint", "-f", "-"};
  words.insert(words.end(), more.begin(), more.end());
  return headwind(words, manifest);
}

Finished lint_with(const std::string& configuration, const std::string& manifest) {
  const TemporaryDirectory directory;
  return lint(manifest, {"--config", directory.write("c.yaml", configuration)});
}

// What is wrong with it, at that line and column.
void finds(const std::string& manifest, const std::string& place, const std::string& sentence,
           const std::string& rule) {
  const auto ended = lint(manifest);
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:" + place + ": "));
  EXPECT_THAT(ended.out, HasSubstr(sentence));
  EXPECT_THAT(ended.out, HasSubstr("[" + rule + "]"));
}

TEST(Lint, what_works_is_silent) {
  for (const char* good : {"policy: minor", "policy: glob\npattern: 1.25.*",
                           "policy: force\nrequire-approval: \"false\"\nmin-update-interval: \"60\"",
                           "policy: minor\nimages: app\napprovals: \"2\"", "policy: python/team"}) {
    const auto ended = lint(deployment(good));
    EXPECT_EQ(ended.code, 0) << good << ended.out << ended.err;
    EXPECT_THAT(ended.out, IsEmpty()) << good;
  }
  EXPECT_EQ(lint("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n").code, 0);
  EXPECT_EQ(
      lint("apiVersion: v1\nkind: Namespace\nmetadata: {name: x, annotations: {headwind.sh/suspend: 'true'}}\n").code,
      0);
}

TEST(Lint, each_mistake_is_told_at_its_place) {
  finds(deployment("policy: minor\npolcy: all"), "8:5", "did you mean headwind.sh/policy?", "unknown-annotation");
  finds(deployment("policy: glob"), "7:5", "policy glob needs one", "pattern");
  finds(deployment("policy: mnor"), "7:5", "which no loaded policy plugin serves", "policy");
  finds(deployment("policy: minor\nmin-update-interval: 5m"), "8:5", "whole number of seconds", "min-update-interval");
  finds(deployment("policy: minor\napprovals: \"0\""), "8:5", "from 1 to 10", "approvals");
  finds(deployment("policy: minor\napprovals: \"11\""), "8:5", "from 1 to 10", "approvals");
  finds(deployment("policy: minor\nimages: sidecar"), "8:5", "neither a container nor a repository", "images");
  finds(deployment("policy: minor\nevent-source: poll"), "8:5", "write webhook, polling, both or none", "event-source");
  finds(deployment("policy: minor\nrequire-approval: maybe"), "8:5", "write true or false", "require-approval");
  finds(deployment("policy: minor\nrequire-approval: false"), "8:35", "put its value in quotes", "not-a-string");
  finds(deployment("policy: minor\npattern: 1.*"), "8:5", "has no effect", "no-effect");
  finds(deployment("policy: minor\npolling-interval: \"60\""), "8:5", "has no effect", "no-effect");
  finds(deployment("suspend: \"true\""), "1:1", "without headwind.sh/policy", "no-policy");
  finds(deployment("policy: minor\npolicy-config: '{}'"), "8:5", "takes no options", "policy-config");
  finds(deployment("policy: python/"), "7:5", "name the instance after the slash", "policy");
  finds(deployment("policy: python/team\npolicy-config: '{'"), "8:5", "policy-config is not JSON", "policy-config");
  finds(deployment("policy: glob\npattern: '[0-9]+'"), "8:5", "which no tag ever matches", "pattern");
  finds(deployment("policy: glob\npattern: ^v1$"), "8:5", "which no tag ever matches", "pattern");
  finds(deployment("policy: minor\nevent-source: both\npolling-interval: \"5\""), "9:5",
        "warning: Deployment shop/web: annotation headwind.sh/polling-interval is '5', and the least is 10",
        "polling-interval");
  for (const char* one : {"approvals: \"3\"", "approval-timeout: \"60\""})
    finds(deployment("policy: minor\nrequire-approval: \"false\"\n" + std::string(one)), "9:5",
          "has no effect beside headwind.sh/require-approval", "no-effect");
}

TEST(Lint, an_image_that_cannot_be_read_is_told) {
  finds(deployment("policy: minor", "nginx:1.2.3:4"), "7:5", "app: its image 'nginx:1.2.3:4' cannot be read", "image");
  finds(deployment("policy: minor", "NGINX:1.2.3"), "7:5", "its image 'NGINX:1.2.3' cannot be read", "image");
  finds(deployment("policy: minor", ""), "7:5", "nothing of it is followed", "image");
  for (const char* empty : {"image: ''", "image:"}) {
    const std::string beside = "      - name: side\n        " + std::string(empty) + "\n";
    finds(deployment("policy: minor") + beside, "15:9", "side: its image is empty, so nothing updates it", "image");
    EXPECT_THAT(lint(deployment("policy: minor\nimages: app") + beside).out, Not(HasSubstr("image is empty")));
  }
  EXPECT_EQ(lint(deployment("policy: none", "nginx:1.2.3:4")).code, 0);
}

TEST(Lint, polling_that_the_configuration_switches_off_is_told) {
  const std::string polls = deployment("policy: minor\nevent-source: polling");
  const auto off = lint_with("polling: {enabled: false}\n", polls);
  EXPECT_EQ(off.code, 1);
  EXPECT_THAT(off.out, HasSubstr("<stdin>:8:5: error: Deployment shop/web: headwind.sh/event-source asks for polling"));
  EXPECT_THAT(off.out, HasSubstr("[no-effect]"));
  EXPECT_EQ(lint_with("polling: {enabled: true}\n", polls).code, 0);
  EXPECT_EQ(lint_with("polling: {enabled: false}\n", deployment("policy: minor\nevent-source: both")).code, 0);
  EXPECT_EQ(lint(polls).code, 0) << "nobody said what the configuration is";
}

TEST(Lint, what_only_a_configuration_has_is_said_not_to_be_checked) {
  const auto ended = lint(deployment("policy: python/team") + "---\n" + deployment("policy: plugin/other"));
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_THAT(ended.err,
              HasSubstr("note: not checked, since only a configuration has them: plugin/other, python/team"));
  EXPECT_THAT(lint(deployment("policy: minor")).err, Not(HasSubstr("note:")));
}

TEST(Lint, findings_stand_in_the_order_of_lines_and_name_their_object_once) {
  const auto ended = lint(deployment("policy: glob\napprovals: \"0\"\npolcy: x\nimages: other"));
  std::vector<int> lines;
  for (std::size_t at = 0; (at = ended.out.find("<stdin>:", at)) != std::string::npos; ++at)
    lines.push_back(std::stoi(ended.out.substr(at + 8)));
  EXPECT_EQ(lines, (std::vector<int>{7, 8, 9, 10})) << ended.out;
  EXPECT_EQ(ended.out.find("[policy-config]"), std::string::npos) << "a missing pattern is told once";
  std::string nowhere = deployment("policy: minor\npattern: 1.*\napprovals: \"0\"");
  nowhere.erase(nowhere.find("  namespace: shop\n"), 18);
  const auto unnamed = lint(nowhere);
  EXPECT_THAT(unnamed.out, HasSubstr("warning: Deployment web: annotation headwind.sh/pattern"));
  EXPECT_THAT(unnamed.out, HasSubstr("error: Deployment web: annotation headwind.sh/approvals"));
}

TEST(Lint, a_policy_that_can_compare_nothing_is_told) {
  finds(deployment("policy: minor", "nginx:latest"), "7:5", "nothing ever updates nginx:latest", "not-comparable");
  finds(deployment("policy: minor", "nginx"), "7:5", "latest is not a version", "not-comparable");
  EXPECT_EQ(lint(deployment("policy: force", "nginx:latest")).code, 0);
  EXPECT_EQ(lint(deployment("policy: none", "nginx:latest")).code, 0);
  const std::string digest(64, 'a');
  finds(deployment("policy: minor", "nginx@sha256:" + digest), "7:5", "names a digest and no tag", "not-comparable");
}

TEST(Lint, an_annotation_in_the_wrong_place_is_told) {
  finds(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    metadata:\n"
      "      annotations:\n        headwind.sh/policy: minor\n    spec: {containers: [{name: a, image: a:1}]}\n",
      "8:9", "stands on the pod template", "pod-template");
  finds(
      "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec:\n  jobTemplate:\n    metadata:\n"
      "      annotations:\n        headwind.sh/policy: minor\n",
      "8:9", "stands on the job template", "pod-template");
  finds("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels:\n    headwind.sh/policy: minor\n",
        "6:5", "label headwind.sh/policy stands among the labels", "label");
  std::string lower = deployment("policy: minor");
  finds(lower.replace(lower.find("Deployment"), 10, "deployment"), "7:5", "did you mean Deployment of apps/v1?",
        "kind");
  finds("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations: {headwind.sh/policy: minor}\n", "5:17",
        "v1 Pod are not followed", "kind");
}

TEST(Lint, documents_and_lists_are_read_one_by_one) {
  const std::string list =
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: StatefulSet\n  metadata:\n"
      "    name: db\n    annotations:\n      headwind.sh/policy: wrong\n";
  const auto ended = lint(deployment("policy: wrong") + "---\n# nothing\n---\n" + list);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:7:5: error: Deployment shop/web"));
  EXPECT_THAT(ended.out, HasSubstr("error: StatefulSet db: annotation"));
}

TEST(Lint, what_is_not_YAML_is_said_so) {
  finds("kind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n", "3:9", "lint what helm template", "template");
  finds("kind: [\n", "2:1", "this is not YAML", "not-yaml");
}

TEST(Lint, a_document_that_is_broken_hides_none_beside_it) {
  const std::string text = deployment("policy: mnor") + "---\na: b: c\n---\n" + deployment("policy: glob");
  const auto ended = lint(text);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:7:5: error: Deployment shop/web: annotation headwind.sh/policy is 'mnor'"));
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:16:5: error: this is not YAML: illegal map value"));
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:24:5: error: Deployment shop/web"));
  EXPECT_THAT(ended.out, Not(HasSubstr("is not YAML: is not YAML")));
  const auto chart =
      lint("name: {{ .Release.Name }}\n---\nkind: {{ .Values.kind }}\n---\n" + deployment("policy: mnor"));
  EXPECT_THAT(chart.out, HasSubstr("<stdin>:1:7: error: this is a template"));
  EXPECT_THAT(chart.out, HasSubstr("<stdin>:11:5: error: Deployment shop/web"));
  EXPECT_THAT(chart.err, HasSubstr("1 files, 2 errors")) << "a template is told once";
  const std::string half(600'000, '#');
  finds(deployment("policy: minor") + "---\n" + half + "\n---\n" + half + "\n", "1:1", "the text is longer than 1 MiB",
        "not-yaml");
}

TEST(Lint, what_is_no_string_hides_none_of_the_other_mistakes) {
  const auto ended = lint(deployment("policy: minor\nrequire-approval: true\npolcy: all\napprovals: 99"));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:8:35: error"));
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:9:5: warning: "));
  EXPECT_THAT(ended.out, HasSubstr("<stdin>:10:28: error: "));
  EXPECT_THAT(ended.out, HasSubstr("from 1 to 10"));
  finds(deployment("policy:"), "7:5", "put its value in quotes", "not-a-string");
}

TEST(Lint, our_own_definition_passes_and_a_namespace_is_checked) {
  const auto named = [](const std::string& name) {
    return "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: " + name +
           "\n  annotations: {headwind.sh/crd-version: '1'}\n";
  };
  const auto own = lint(named("updaterequests.headwind.sh"));
  EXPECT_EQ(own.code, 0) << own.out;
  finds(named("others.example.com"), "1:1", "are not followed", "kind");
  const auto space = [](const std::string& annotations) {
    return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n  annotations:\n    " + annotations + "\n";
  };
  EXPECT_EQ(lint(space("headwind.sh/suspend: ' False'")).code, 0);
  finds(space("headwind.sh/suspend: \"yes\""), "6:5", "warning: Namespace x: annotation headwind.sh/suspend is 'yes'",
        "suspend");
  finds(space("headwind.sh/policy: minor"), "6:5", "has no effect on a namespace", "no-effect");
  finds(space("headwind.sh/suspend: true"), "6:26", "put its value in quotes", "not-a-string");
}

TEST(Lint, an_object_without_apiVersion_or_kind_is_told_so) {
  const std::string whole = deployment("policy: minor");
  finds(whole.substr(whole.find('\n') + 1), "1:1", "Deployment shop/web: apiVersion is missing", "kind");
  finds("apiVersion: v1\nmetadata: {name: x, annotations: {headwind.sh/policy: minor}}\n", "1:1", "kind is missing",
        "kind");
}

TEST(Lint, braces_within_strings_are_YAML) {
  const std::string rule =
      "---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: web}\nspec:\n"
      "  summary: \"{{ $labels.job }} is down\"\n  description: |\n    {{ $value }} of them\n";
  EXPECT_EQ(lint(deployment("policy: minor") + rule).code, 0);
  finds(deployment("policy: mnor") + rule, "7:5", "which no loaded policy plugin serves", "policy");
  EXPECT_THAT(lint(deployment("policy: mnor") + rule).out, Not(HasSubstr("[template]")));
}

TEST(Lint, a_directory_is_walked_and_what_is_not_ours_left_alone) {
  const TemporaryDirectory directory;
  std::filesystem::create_directories(directory.path() / "apps");
  std::filesystem::create_directories(directory.path() / ".git");
  directory.write("apps/web.yaml", deployment("policy: mnor"));
  directory.write("apps/chart.yaml", "name: {{ .Release.Name }}\n");
  directory.write(".git/old.yaml", deployment("policy: mnor"));
  directory.write("README.md", "headwind.sh/policy: mnor\n");
  const auto ended = headwind({"lint", "-f", directory.path().string()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("apps/web.yaml:7:5: error"));
  EXPECT_THAT(ended.err, HasSubstr("1 files, 1 errors"));
}

TEST(Lint, SARIF_has_rules_results_and_places) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("a web.yaml", deployment("policy: minor\npolcy: all\napprovals: \"0\""));
  const auto ended = headwind({"lint", "-f", file, "--format", "sarif"});
  EXPECT_EQ(ended.code, 1) << ended.err;
  const json log = json::parse(ended.out);
  EXPECT_EQ(log["version"], "2.1.0");
  const json& run = log["runs"][0];
  ASSERT_EQ(run["results"].size(), 2U);
  for (const json& result : run["results"]) {
    const auto index = result["ruleIndex"].get<std::size_t>();
    EXPECT_EQ(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    const json& place = result["locations"][0]["physicalLocation"];
    EXPECT_THAT(place["artifactLocation"]["uri"].get<std::string>(), HasSubstr("/a%20web.yaml"));
    EXPECT_GE(place["region"]["startLine"].get<int>(), 8);
  }
  const auto clean = lint(deployment("policy: minor"), {"--format", "sarif"});
  EXPECT_EQ(clean.code, 0);
  EXPECT_EQ(json::parse(clean.out)["runs"][0]["results"], json::array());
}

TEST(Lint, what_cannot_be_read_is_no_finding) {
  EXPECT_EQ(headwind({"lint", "-f", "/nowhere/at/all.yaml"}).code, 2);
  const TemporaryDirectory empty;
  const auto nothing = headwind({"lint", "-f", empty.path().string()});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("has no .yaml, .yml or .json below it"));
  EXPECT_EQ(headwind({"lint"}).code, 2);
  EXPECT_EQ(headwind({"lint", "-f", "-", "--format", "xml"}).code, 2);
}

}  // namespace
}  // namespace headwind::test
