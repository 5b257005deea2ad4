/* SPDX-License-Identifier: Apache-2.0 */
/* Eight megabytes in one line, which holds a newline, with as many fields as fit into a size_t. */
#include "call/flawed.h"
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  static char letters[8 << 20];
  const hw_kv field = {HW_LITERAL("a"), HW_LITERAL("b")};
  hw_str message = {letters, sizeof letters};
  (void)self, (void)call, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  memset(letters, 'x', sizeof letters);
  letters[7] = '\n';
  call->host->log(call->host, HW_LOG_ERROR, message, &field, SIZE_MAX);
  return HW_OK;
}
FLAWED_POLICY("test.hostile.megabyte-log", NULL)
