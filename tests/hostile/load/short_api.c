/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
static const hw_policy_api short_api = {8, 0, choose};
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.short-api"), NO_SCHEMA, &short_api);
STATIC_MODULE(plugin)
