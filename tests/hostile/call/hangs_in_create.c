/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>
#include "load/policy.h"
static hw_status hanging(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  (void)call, (void)plugin, (void)config, (void)self;
  for (;;) pause();
}
static const hw_plugin plugin = {sizeof(hw_plugin),
                                 HW_KIND_POLICY,
                                 0,
                                 0,
                                 HW_LITERAL("test.hostile.hangs-in-create"),
                                 HW_LITERAL("1.0.0"),
                                 HW_LITERAL("hostile"),
                                 NO_SCHEMA,
                                 NULL,
                                 &api,
                                 hanging,
                                 free_instance,
                                 NULL};
STATIC_MODULE(plugin)
