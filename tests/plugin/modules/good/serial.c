/* SPDX-License-Identifier: Apache-2.0 */
/* Declares itself serial, and fails where it is entered twice at once. */
#define _DEFAULT_SOURCE
#include "module.h"

#include <unistd.h>

static int busy;

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  (void)self, (void)query, (void)candidates, (void)why, (void)verdicts;
  if (__atomic_exchange_n(&busy, 1, __ATOMIC_SEQ_CST) != 0) return fail(call, HW_INTERNAL, 0, 0, "entered twice");
  usleep(100);
  out->verdict = HW_HOLD;
  __atomic_store_n(&busy, 0, __ATOMIC_SEQ_CST);
  return HW_OK;
}

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  (void)plugin;
  return make_instance(call, config, self);
}

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
static const hw_plugin plugin = {sizeof(hw_plugin),
                                 HW_KIND_POLICY,
                                 HW_PLUGIN_SERIAL,
                                 0,
                                 HW_LITERAL("test.policy.serial"),
                                 HW_LITERAL("1.0.0"),
                                 HW_LITERAL("one at a time"),
                                 {NULL, 0},
                                 NULL,
                                 &api,
                                 create,
                                 free_instance,
                                 NULL};
STATIC_MODULE(plugin)
