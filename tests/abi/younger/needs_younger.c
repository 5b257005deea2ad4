/* SPDX-License-Identifier: Apache-2.0 */
/* Built from the headers of a next minor, without which it will not do. */
#include "module.h"

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  (void)self, (void)call, (void)query, (void)candidates, (void)why, (void)verdicts;
  out->verdict = HW_HOLD;
  return HW_OK;
}

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
STATIC_PLUGIN(plugin, HW_KIND_POLICY, "test.policy.needs-younger", "", NULL, &api)
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module needy = {sizeof(hw_module), HW_ABI_MINOR, HW_ABI_MINOR, 1, HW_LITERAL("tests"), plugins};
const hw_module* hw_entry_v1(void) { return &needy; }
