/* SPDX-License-Identifier: Apache-2.0 */
/* A policy that is right in everything; each module here spoils one thing. */
#ifndef TEST_HOSTILE_POLICY_H
#define TEST_HOSTILE_POLICY_H
#include "module.h"

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  (void)self, (void)call, (void)query, (void)candidates, (void)why, (void)verdicts;
  out->verdict = HW_HOLD;
  return HW_OK;
}
static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  (void)plugin;
  return make_instance(call, config, self);
}

#define PLUGIN(size, id, schema, its_api)                                                                 \
  {size,   HW_KIND_POLICY, 0,   0, id, HW_LITERAL("1.0.0"), HW_LITERAL("hostile"), schema, NULL, its_api, \
   create, free_instance,  NULL}
#define NO_SCHEMA {NULL, 0}

static inline void use_policy(void) {
  (void)api;
  (void)create;
  use_helpers();
}
#endif
