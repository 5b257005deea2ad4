/* SPDX-License-Identifier: Apache-2.0 */
/* Answers whatever is asked for, takes any setting, and exports more than its entry. */
#include "../../hostile/load/policy.h"
HW_EXPORT int helper_of_any_extension(void);
int helper_of_any_extension(void) { return 1; }
static const void* any(const hw_plugin* self_description, const char* id) {
  (void)id;
  return self_description;
}
static const hw_plugin plugin = {sizeof(hw_plugin),
                                 HW_KIND_POLICY,
                                 0,
                                 0,
                                 HW_LITERAL("test.flawed.any-extension"),
                                 HW_LITERAL("1.0.0"),
                                 HW_LITERAL("flawed"),
                                 HW_LITERAL("{\"type\": \"object\"}"),
                                 NULL,
                                 &api,
                                 create,
                                 free_instance,
                                 any};
STATIC_MODULE(plugin)
