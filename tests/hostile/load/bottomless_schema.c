/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON Schema of 20,000 levels: whoever reads it by recursion runs out of stack. */
#include "load/policy.h"
static hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.bottomless"), NO_SCHEMA, &api);
static char schema[20000 * 8 + 2];
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), 0, 0, 1, {NULL, 0}, plugins};
const hw_module* hw_entry_v1(void) {
  char* end = schema;
  for (int i = 0; i < 20000; ++i, end += 7) memcpy(end, "{\"not\":", 7);
  *end++ = '{', *end++ = '}';
  for (int i = 0; i < 20000; ++i) *end++ = '}';
  plugin.config_schema.ptr = schema;
  plugin.config_schema.len = (size_t)(end - schema);
  return &module;
}
