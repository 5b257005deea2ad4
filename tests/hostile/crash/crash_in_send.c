/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
SEND(self, call, events, count, results) {
  volatile int* nowhere = NULL;
  (void)self, (void)call, (void)events, (void)count, (void)results;
  *nowhere = 1;
  return HW_OK;
}
FLAWED_NOTIFIER("test.hostile.crash", NULL)
