/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
int nobody_offers_this(void);
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.unresolved"), NO_SCHEMA, &api);
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), 0, 0, 1, {NULL, 0}, plugins};
const hw_module* hw_entry_v1(void) { return nobody_offers_this() != 0 ? &module : NULL; }
