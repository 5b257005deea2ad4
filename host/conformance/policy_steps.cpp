// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "conformance/repertoire.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

struct Question {
  std::string policy = "plugin/check", pattern{}, args{}, tag = "1.0.0";
  std::string repository = "registry.example.com/team/web", slot = "containers/web";
  std::string workload =
      R"({"kind":"Deployment","namespace":"shop","name":"web","labels":{"app":"web"},"annotations":{}})";
  std::vector<std::string> tags{"1.0.0", "1.0.1", "1.1.0", "2.0.0", "1.1.0-alpine", "latest", "sha256-0a1b.sig"};
  bool columns = true;  // digests and times are known
  bool pushed = false;
  bool read = true;  // somebody reads why and verdicts
};

hw_tags lend_tags(const Question& question, Lent& lent) {
  std::vector<hw_str> names, digests;
  std::vector<std::int64_t> times;
  for (const std::string& tag : question.tags) {
    names.push_back(lent.text(tag));
    if (!question.columns) continue;
    digests.push_back(lent.text("sha256:" + std::string(64, 'a')));
    times.push_back(1'700'000'000'000 + static_cast<std::int64_t>(times.size()) * 60'000);
  }
  return {sizeof(hw_tags), 0, names.size(), lent.row(names), lent.row(digests), lent.row(times), lent.row(times)};
}

void judge(const hw_choice& choice, std::size_t rows, Visit& visit) {
  if (choice.verdict < HW_HOLD || choice.verdict > HW_IGNORED)
    visit.breach("gives the unknown verdict " + std::to_string(choice.verdict) + "; use HW_HOLD or HW_UPDATE");
  if (choice.verdict == HW_UPDATE && choice.index >= rows)
    visit.breach("chooses row " + std::to_string(choice.index) + " of " + std::to_string(rows) +
                 " candidates; index is the row of the chosen one");
  if (!plugin::is_text(plugin::lend(visit.text))) visit.breach("gives a reason that is not UTF-8");
  const auto missing = std::ranges::find(visit.judged, false);
  if (missing != visit.judged.end())
    visit.breach("puts no verdict on row " + std::to_string(missing - visit.judged.begin()) + " of " +
                 std::to_string(rows) + "; put one for each candidate where verdicts is not null");
}

hw_status choose(const Question& question, const Callee& callee, Visit& visit) {
  Lent& lent = visit.lent();
  hw_policy_query query{};
  query.struct_size = sizeof query;
  query.flags = question.pushed ? std::uint32_t{HW_POLICY_PUSHED} : 0;
  query.policy = lent.text(question.policy);
  query.pattern = lent.text(question.pattern);
  query.args = lent.text(question.args);
  query.repository = lent.text(question.repository);
  query.tag = lent.text(question.tag);
  query.slot = lent.text(question.slot);
  query.workload = lent.text(question.workload);
  const hw_tags* tags = lent.one(lend_tags(question, lent));
  hw_choice* choice = lent.one(hw_choice{sizeof(hw_choice), HW_HOLD, 0});
  if (question.read) visit.judged.assign(question.tags.size(), false);
  const hw_status status = callee.api<hw_policy_api>().choose(callee.self, visit.call(), lent.one(query), tags, choice,
                                                              question.read ? visit.text_sink() : nullptr,
                                                              question.read ? visit.verdict_sink() : nullptr);
  if (status == HW_OK) judge(*choice, question.tags.size(), visit);
  return status;
}

Step step(std::string situation, Question question) {
  return {.function = "choose",
          .situation = std::move(situation),
          .wants = {.text = true, .verdicts = true},
          .computes = true,
          .call = [question = std::move(question)](const Callee& callee, Visit& visit) {
            return choose(question, callee, visit);
          }};
}

std::vector<std::string> many_tags(std::size_t count, std::size_t length) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back("1." + std::to_string(i / 100) + "." + std::to_string(i % 100));
    if (out.back().size() < length) out.back() += "-" + std::string(length - out.back().size() - 1, 'x');
  }
  return out;
}

}  // namespace

std::vector<Step> policy_steps(Inputs inputs) {
  const std::string million(1U << 20U, 'x');
  switch (inputs) {
    case Inputs::ordinary:
      return {step("seven tags", {}), step("seven tags, policy minor", {.policy = "minor"}),
              step("seven tags, policy glob", {.policy = "glob", .pattern = "1.*"}),
              step("a push of one tag", {.policy = "all", .tags = {"1.0.1"}, .columns = false, .pushed = true}),
              step("nobody reads the reasons", {.policy = "minor", .read = false})};
    case Inputs::empty:
      return {step("no candidates", {.tags = {}}), step("no candidates, policy minor", {.policy = "minor", .tags = {}}),
              step("the running tag is unknown", {.tag = ""}),
              step("every text is empty",
                   {.policy = "", .tag = "", .repository = "", .slot = "", .workload = "{}", .tags = {}})};
    case Inputs::huge:
      return {
          step("10,000 tags", {.policy = "minor", .tags = many_tags(10'000, 0)}),
          step("10,000 tags of 128 characters", {.tags = many_tags(10'000, 128)}),
          step("a megabyte of annotations",
               {.pattern = million,
                .args = million,
                .workload = R"({"kind":"Deployment","namespace":"shop","name":"web","labels":{},"annotations":{"a":")" +
                            million + "\"}}"})};
    case Inputs::foreign:
      return {
          step("annotations that are no JSON", {.pattern = "[[(*", .args = "{not json"}),
          step("annotations of another shape", {.args = "[7, null]"}),
          step("a pattern that is none", {.policy = "glob", .pattern = "\\"}),
          step("tags in other scripts",
               {.policy = "minor", .tag = "версия", .tags = {"版本-1", "🚀", "99999999999999999999.0", "-", "1..2"}})};
  }
  return {};
}

}  // namespace headwind::conformance
