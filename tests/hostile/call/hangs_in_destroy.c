/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>
#include "load/policy.h"
static void hanging(void* self) {
  free_instance(self);
  for (;;) pause();
}
static const hw_plugin plugin = {sizeof(hw_plugin),
                                 HW_KIND_POLICY,
                                 0,
                                 0,
                                 HW_LITERAL("test.hostile.hangs-in-destroy"),
                                 HW_LITERAL("1.0.0"),
                                 HW_LITERAL("hostile"),
                                 NO_SCHEMA,
                                 NULL,
                                 &api,
                                 create,
                                 hanging,
                                 NULL};
STATIC_MODULE(plugin)
