/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.hang"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
__attribute__((constructor)) static void hang(void) {
  for (;;) pause();
}
