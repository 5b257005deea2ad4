/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(0, HW_LITERAL("test.hostile.zero"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
