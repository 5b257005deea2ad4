/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
#define WILD {(const char*)16, 20}
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), WILD, NO_SCHEMA, &api);
STATIC_MODULE(plugin)
