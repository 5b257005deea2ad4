/* SPDX-License-Identifier: Apache-2.0 */
/* As if it had been built before the last member of hw_plugin existed, which no plugin was. */
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin) - 8, HW_LITERAL("test.hostile.short"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
