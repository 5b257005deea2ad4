/* SPDX-License-Identifier: Apache-2.0 */
/* For a test that kills the process meanwhile. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>
#include "call/flawed.h"
SEND(self, call, events, count, results) {
  (void)self, (void)call, (void)events, (void)count, (void)results;
  for (;;) pause();
}
FLAWED_NOTIFIER("test.hostile.hangs", NULL)
