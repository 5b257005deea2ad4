/* SPDX-License-Identifier: Apache-2.0 */
#include "load/policy.h"
static hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.summary"), NO_SCHEMA, &api);
static char megabyte[1 << 20];
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), 0, 0, 1, {NULL, 0}, plugins};
const hw_module* hw_entry_v1(void) {
  memset(megabyte, 'x', sizeof megabyte);
  plugin.summary.ptr = megabyte;
  plugin.summary.len = sizeof megabyte;
  return &module;
}
