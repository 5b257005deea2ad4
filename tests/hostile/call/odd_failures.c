/* SPDX-License-Identifier: Apache-2.0 */
/* The policy's name says how it fails. */
#include "call/flawed.h"
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  static char letters[8 << 20];
  hw_error error = {sizeof(hw_error), HW_UNAVAILABLE, 1, 0, 0, {NULL, 0}};
  (void)self, (void)candidates, (void)out, (void)why, (void)verdicts;
  memset(letters, 'x', sizeof letters);
  error.message = text("why");
  if (is(query->policy, "twice")) fail(call, HW_DENIED, 0, 0, "first");
  if (is(query->policy, "megabytes")) error.message.ptr = letters, error.message.len = sizeof letters;
  if (is(query->policy, "negative retry")) error.retry_after_ms = INT64_MIN;
  if (is(query->policy, "endless retry")) error.retry_after_ms = INT64_MAX;
  if (is(query->policy, "newline and bytes")) error.message.ptr = "two\nlines \xff", error.message.len = 11;
  if (is(query->policy, "unknown code")) error.code = 4711;
  if (is(query->policy, "wrong size")) error.struct_size = 4;
  if (is(query->policy, "nothing")) return call->host->fail(call, NULL);
  if (is(query->policy, "other code")) {
    call->host->fail(call, &error);
    return HW_NOT_FOUND;
  }
  return call->host->fail(call, &error);
}
FLAWED_POLICY("test.hostile.odd-failures", NULL)
