/* SPDX-License-Identifier: Apache-2.0 */
/* Needs a setting that its schema does not require, and calls it a bug of its own where that is missing. */
#include "right.h"
static const hw_policy_api api = {sizeof(hw_policy_api), 0, hold_all};
static hw_status create(const hw_call* call, const hw_plugin* self_description, hw_str config, void** self) {
  (void)self_description;
  if (config.len < sizeof "{\"track\":\"\"}") return HW_INTERNAL;
  return make_instance(call, config, self);
}
static const hw_plugin plugin = {sizeof(hw_plugin),
                                 HW_KIND_POLICY,
                                 0,
                                 0,
                                 HW_LITERAL("test.flawed.needs-a-setting"),
                                 HW_LITERAL("1.0.0"),
                                 HW_LITERAL("flawed"),
                                 HW_LITERAL("{\"type\":\"object\",\"properties\":{\"track\":{\"type\":\"string\"}},"
                                            "\"additionalProperties\":false}"),
                                 NULL,
                                 &api,
                                 create,
                                 free_instance,
                                 NULL};
STATIC_MODULE(plugin)
