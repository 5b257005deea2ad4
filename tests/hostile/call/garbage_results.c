/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
SEND(self, call, events, count, results) {
  size_t i;
  (void)self, (void)call, (void)events;
  for (i = 0; i < count; ++i) results[i] = i == 0 ? HW_OK : 4711;
  return HW_OK;
}
FLAWED_NOTIFIER("test.hostile.garbage-results", NULL)
