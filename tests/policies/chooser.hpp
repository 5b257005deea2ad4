// SPDX-License-Identifier: Apache-2.0
// Asks the semver plugin, the shared object that is shipped, through its C table.
#pragma once
#include <headwind/policy.h>

#include <headwind/sdk/testing.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::policies {

struct Question {
  std::string policy, current;
  std::vector<std::string> tags;
  std::string pattern = {}, digest = {}, args = {};
  std::vector<std::string> digests = {};
  std::vector<std::int64_t> pushed_ms = {};
  bool pushed = false;
};

struct Answer {
  hw_status status = HW_OK;
  std::string chosen = {};  // empty: hold
  std::string why = {}, error = {};
  std::vector<std::int32_t> verdicts;  // one per tag
  std::vector<std::string> reasons;
};

inline std::vector<hw_str> column(const std::vector<std::string>& texts) {
  std::vector<hw_str> rows;
  for (const auto& text : texts) rows.push_back(hw::str(text));
  return rows;
}

inline Answer ask(const Question& question) {
  static const hw_module* const module = hw::testing::load(SEMVER_MODULE);
  hw::testing::fake_host host;
  const hw::testing::instance semver(host, module);
  const auto names = column(question.tags), digests = column(question.digests);
  const hw_tags tags{sizeof(hw_tags),
                     0,
                     names.size(),
                     names.data(),
                     digests.empty() ? nullptr : digests.data(),
                     nullptr,
                     question.pushed_ms.empty() ? nullptr : question.pushed_ms.data()};
  const hw_policy_query query{.struct_size = sizeof(hw_policy_query),
                              .flags = question.pushed ? std::uint32_t{HW_POLICY_PUSHED} : 0,
                              .policy = hw::str(question.policy),
                              .pattern = hw::str(question.pattern),
                              .args = hw::str(question.args),
                              .repository = hw::str("docker.io/library/nginx"),
                              .tag = hw::str(question.current),
                              .digest = hw::str(question.digest),
                              .created_ms = 0,
                              .slot = hw::str("containers/web"),
                              .workload = hw::str("{}")};
  Answer answer;
  answer.verdicts.resize(names.size(), -1);
  answer.reasons.resize(names.size());
  hw_choice choice{sizeof(hw_choice), -1, 0};
  const hw_sink why{&answer.why, [](void* ctx, hw_str chunk) -> hw_status {
                      static_cast<std::string*>(ctx)->append(hw::view(chunk));
                      return HW_OK;
                    }};
  const hw_verdict_sink verdicts{sizeof(hw_verdict_sink), 0, &answer,
                                 [](void* ctx, std::size_t row, std::int32_t verdict, hw_str reason) -> hw_status {
                                   auto& to = *static_cast<Answer*>(ctx);
                                   to.verdicts.at(row) = verdict;
                                   to.reasons.at(row) = hw::view(reason);
                                   return HW_OK;
                                 }};
  answer.status =
      semver.api<hw_policy_api>()->choose(semver.self(), host.call(), &query, &tags, &choice, &why, &verdicts);
  if (!host.failures.empty()) answer.error = host.failures.back().message;
  if (answer.status == HW_OK && choice.verdict == HW_UPDATE) answer.chosen = question.tags.at(choice.index);
  return answer;
}

// The verdict about one tag.
inline std::int32_t judge(std::string policy, std::string current, std::string tag, std::string pattern = {}) {
  const Answer answer = ask({.policy = policy, .current = current, .tags = {tag}, .pattern = pattern});
  if (answer.status != HW_OK) throw std::runtime_error(answer.error);
  if ((answer.chosen == tag) != (answer.verdicts[0] == HW_UPDATE))
    throw std::runtime_error("choice and verdict differ");
  return answer.verdicts[0];
}

}  // namespace headwind::policies
