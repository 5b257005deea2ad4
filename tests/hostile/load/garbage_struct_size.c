/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(4294967295u, HW_LITERAL("test.hostile.size"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
