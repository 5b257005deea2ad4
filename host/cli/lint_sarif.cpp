// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/api_way.hpp"
#include "cli/lint_finding.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

// A path as SARIF wants it: a relative URI reference, so a name with a colon in its first part keeps its dot.
std::string uri_of(const std::string& file) {
  std::string uri = file.starts_with('/') ? "file://" : "";
  bool first = true;
  for (const std::string_view part : split(file, '/')) {
    if (!first) uri += "/";
    first = false;
    uri += in_path(part);
  }
  return uri;
}

std::size_t index_of(const std::string& rule) {
  const auto& rules = lint_rules();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const LintRule& one) { return one.id == rule; });
  return static_cast<std::size_t>(found - rules.begin());
}

}  // namespace

const std::vector<LintRule>& lint_rules() {
  static const std::vector<LintRule> rules{
      {"not-yaml", "The file cannot be read as YAML"},
      {"template", "The file is a template that has not been rendered"},
      {"not-a-string", "The value of an annotation is not a string"},
      {"pod-template", "An annotation stands where nobody reads it"},
      {"label", "What should be an annotation is a label"},
      {"kind", "Objects of this kind are not followed"},
      {"no-policy", "headwind.sh/policy is missing"},
      {"unknown-annotation", "No annotation of that name exists"},
      {"policy", "headwind.sh/policy names no policy"},
      {"pattern", "headwind.sh/pattern is missing or wrong"},
      {"policy-config", "The policy refuses its parameters"},
      {"image", "There is no image, or none that can be read"},
      {"not-comparable", "The policy cannot compare what runs with anything"},
      {"images", "headwind.sh/images names something that is not there"},
      {"values-images", "headwind.sh/values-images names something that is not there"},
      {"event-source", "headwind.sh/event-source is none of its values"},
      {"require-approval", "headwind.sh/require-approval is neither true nor false"},
      {"approvals", "headwind.sh/approvals is no number from 1 to 10"},
      {"approval-timeout", "headwind.sh/approval-timeout is no number of seconds"},
      {"min-update-interval", "headwind.sh/min-update-interval is no number of seconds"},
      {"polling-interval", "headwind.sh/polling-interval is no number of seconds"},
      {"suspend", "headwind.sh/suspend is neither true nor false"},
      {"auto-rollback", "headwind.sh/auto-rollback is neither true nor false"},
      {"rollback-timeout", "headwind.sh/rollback-timeout is no number of seconds"},
      {"health-check-retries", "headwind.sh/health-check-retries is no such number"},
      {"force-ownership", "headwind.sh/force-ownership is neither true nor false"},
      {"last-update", "headwind.sh/last-update is not a time of the past"},
      {"managed-elsewhere", "Flux or Argo CD would undo an update"},
      {"version-range", "The version of a chart is a range"},
      {"no-effect", "An annotation changes nothing beside the others"}};
  return rules;
}

std::string to_sarif(const std::vector<LintFinding>& findings) {
  Json rules = Json::array(), results = Json::array();
  for (const LintRule& rule : lint_rules())
    rules.push_back({{"id", rule.id}, {"shortDescription", {{"text", rule.about}}}});
  for (const LintFinding& one : findings) {
    Json result{{"ruleId", one.rule}};
    if (const std::size_t index = index_of(one.rule); index < lint_rules().size()) result["ruleIndex"] = index;
    result["level"] = one.error ? "error" : "warning";
    result["message"] = {{"text", printable(one.sentence)}};
    result["locations"] = Json::array(
        {{{"physicalLocation",
           {{"artifactLocation", {{"uri", uri_of(one.file)}}},
            {"region", {{"startLine", std::max(1, one.line)}, {"startColumn", std::max(1, one.column)}}}}}}});
    results.push_back(std::move(result));
  }
  const Json log{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       Json::array(
           {{{"tool",
              {{"driver", {{"name", "headwind lint"}, {"version", HEADWIND_VERSION}, {"rules", std::move(rules)}}}}},
             {"columnKind", "utf16CodeUnits"},
             {"results", std::move(results)}}})}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace headwind::cli
