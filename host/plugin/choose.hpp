// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <headwind/headwind.h>

#include <memory>
#include <vector>

#include "plugin/frame.hpp"
#include "plugin/types.hpp"

namespace headwind::plugin {

// One `choose` of a policy: all candidates in one crossing.
class Choose final : public Frame {
 public:
  Choose(std::shared_ptr<Instance> instance, PolicyQuery query, Tags candidates, bool judgements);
  Choice choice;

 protected:
  hw_status enter(const hw_call& call, std::size_t crossing) override;
  hw_status on_text(hw_str chunk) override;
  hw_status on_verdict(std::size_t row, std::int32_t verdict, hw_str reason) override;

 private:
  hw_status check(const hw_choice& out);

  const PolicyQuery query_;
  const Tags candidates_;
  const bool judgements_;
  std::vector<hw_str> names_, digests_;
  std::vector<bool> judged_;
  std::size_t reason_bytes_ = 0;
};

}  // namespace headwind::plugin
