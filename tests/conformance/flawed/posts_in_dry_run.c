/* SPDX-License-Identifier: Apache-2.0 */
#include "right.h"
SEND(send) {
  (void)self, (void)events;
  if (post(call, "https://hooks.example.com/") != 200)
    return fail(call, HW_UNAVAILABLE, 1, 0, "the hook did not answer 200");
  return deliver_all(count, results);
}
static const char* const needs[] = {HW_SERVICE_HTTP, NULL};
ONE_NOTIFIER("test.flawed.posts-in-dry-run", send, needs)
