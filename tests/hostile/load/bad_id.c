/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.\xff"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
