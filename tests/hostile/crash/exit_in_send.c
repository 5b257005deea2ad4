/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
SEND(self, call, events, count, results) {
  (void)self, (void)call, (void)events, (void)count, (void)results;
  exit(0);
}
FLAWED_NOTIFIER("test.hostile.exit", NULL)
