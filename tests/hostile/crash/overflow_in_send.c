/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
static int deeper(volatile char* above, int depth) {
  volatile char here[4096];
  here[0] = above[0];
  return depth == 0 ? here[0] : deeper(here, depth - 1) + here[0];
}
SEND(self, call, events, count, results) {
  volatile char start = 1;
  (void)self, (void)call, (void)events, (void)count, (void)results;
  return deeper(&start, 1 << 30) == 0 ? HW_OK : HW_INTERNAL;
}
FLAWED_NOTIFIER("test.hostile.overflow", NULL)
