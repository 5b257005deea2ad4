/* SPDX-License-Identifier: Apache-2.0 */
/* A policy that takes the last candidate and says nothing. Built once for each BENCH_ID. */
#include <headwind/headwind.h>

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  static char instance;
  (void)call, (void)plugin, (void)config;
  *self = &instance;
  return HW_OK;
}

static void destroy(void* self) { (void)self; }

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  (void)self, (void)call, (void)query, (void)why, (void)verdicts;
  out->verdict = candidates->count == 0 ? HW_HOLD : HW_UPDATE;
  out->index = candidates->count == 0 ? 0 : candidates->count - 1;
  return HW_OK;
}

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
static const hw_plugin plugin = {sizeof(hw_plugin),
                                 HW_KIND_POLICY,
                                 0,
                                 0,
                                 HW_LITERAL("bench.policy.small" BENCH_ID),
                                 HW_LITERAL("1.0.0"),
                                 HW_LITERAL("takes the last"),
                                 HW_LITERAL(""),
                                 NULL,
                                 &api,
                                 create,
                                 destroy,
                                 NULL};
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, HW_LITERAL("bench"), plugins};
const hw_module* hw_entry_v1(void) { return &module; }
