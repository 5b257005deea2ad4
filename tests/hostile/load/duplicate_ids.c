/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
static const hw_plugin one = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.twin"), NO_SCHEMA, &api);
static const hw_plugin* const plugins[] = {&one, &one};
static const hw_module module = {sizeof(hw_module), 0, 0, 2, {NULL, 0}, plugins};
const hw_module* hw_entry_v1(void) { return &module; }
