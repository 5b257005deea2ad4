// SPDX-License-Identifier: Apache-2.0
// A policy under test:
//
//   hw::testing::policy policy(host);
//   EXPECT_EQ(policy.choose({.tag = "1.2.3"}, {"1.2.4", "2.0.0"}).tag, "1.2.4");
#pragma once
#include <headwind/sdk/policy.hpp>
#include <headwind/sdk/testing/calls.hpp>

#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace hw::testing {

struct judgement {
  hw::verdict verdict;
  std::string reason;
};
struct chosen {
  std::string tag;  // empty: all stays as it is
  std::string why;
  std::map<std::string, judgement> verdicts;  // by tag
};

class policy : public driver {
 public:
  explicit policy(fake_host& host, std::string_view settings = "{}", const hw_module* module = hw_entry_v1())
      : driver(host, settings, module) {}

  // Throws hw::error where the plugin reports a failure, and std::logic_error where it answers what the operator
  // refuses: another verdict, a row that is none, a candidate without a verdict.
  chosen choose(const hw::query& query, const std::vector<std::string>& candidates) {
    loans texts;
    const hw_policy_query raw{sizeof(hw_policy_query),   query.pushed ? std::uint32_t{HW_POLICY_PUSHED} : 0,
                              texts.lend(query.policy),  texts.lend(query.pattern),
                              texts.lend(query.args),    texts.lend(query.repository),
                              texts.lend(query.tag),     texts.lend(query.digest),
                              query.created_ms,          texts.lend(query.slot),
                              texts.lend(query.workload)};
    std::vector<hw_str> names;
    for (const std::string& name : candidates) names.push_back(texts.lend(name));
    const hw_tags tags{sizeof(hw_tags), 0, names.size(), names.data(), nullptr, nullptr, nullptr};
    answer out{candidates, {}, std::vector<bool>(candidates.size())};
    hw_choice choice{sizeof(hw_choice), HW_HOLD, 0};
    const hw_sink why{&out, &answer::put_why};
    const hw_verdict_sink verdicts{sizeof(hw_verdict_sink), 0, &out, &answer::put_verdict};
    demand([&](const hw_call* call) {
      return api<hw_policy_api>()->choose(self(), call, &raw, &tags, &choice, &why, &verdicts);
    });
    if (choice.verdict < HW_HOLD || choice.verdict > HW_IGNORED)
      throw std::logic_error("choose() answered a verdict that is none");
    if (choice.verdict == HW_UPDATE && choice.index >= candidates.size())
      throw std::logic_error("choose() chose a row that is none");
    for (std::size_t row = 0; row < candidates.size(); ++row) {
      if (!out.judged[row]) throw std::logic_error("choose() put no verdict for the candidate " + candidates[row]);
    }
    if (choice.verdict == HW_UPDATE) out.result.tag = candidates[choice.index];
    return std::move(out.result);
  }

 private:
  struct answer {
    std::span<const std::string> candidates;
    chosen result;
    std::vector<bool> judged;  // by row: a tag may stand there twice

    static hw_status put_why(void* ctx, hw_str chunk) noexcept {
      static_cast<answer*>(ctx)->result.why += view(chunk);
      return HW_OK;
    }
    static hw_status put_verdict(void* ctx, std::size_t row, std::int32_t verdict, hw_str reason) noexcept {
      auto& out = *static_cast<answer*>(ctx);
      if (row >= out.candidates.size() || verdict < HW_HOLD || verdict > HW_IGNORED) return HW_INVALID;
      out.judged[row] = true;
      out.result.verdicts[out.candidates[row]] = {static_cast<hw::verdict>(verdict), std::string(view(reason))};
      return HW_OK;
    }
  };
};

}  // namespace hw::testing
