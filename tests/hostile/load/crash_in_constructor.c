/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.crash"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
__attribute__((constructor)) static void crash(void) { raise(SIGSEGV); }
