/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing wrong with it, but that good_policy.so offers the same id. */
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.policy.good"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
