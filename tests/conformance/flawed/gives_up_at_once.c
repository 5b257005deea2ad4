/* SPDX-License-Identifier: Apache-2.0 */
/* What may be better in a minute is told as if it never could. */
#include "right.h"
SEND(send) {
  (void)self, (void)events;
  if ((call->flags & HW_CALL_DRY_RUN) == 0 && post(call, "https://hooks.example.com/") != 200)
    return fail(call, HW_INVALID, 0, 0, "the hook did not answer 200");
  return deliver_all(count, results);
}
static const char* const needs[] = {HW_SERVICE_HTTP, NULL};
ONE_NOTIFIER("test.flawed.gives-up-at-once", send, needs)
