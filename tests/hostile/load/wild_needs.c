/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
static hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.wild-needs"), NO_SCHEMA, &api);
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), 0, 0, 1, {NULL, 0}, plugins};
const hw_module* hw_entry_v1(void) {
  plugin.needs = (const char* const*)16;
  return &module;
}
