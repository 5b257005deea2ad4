/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"

static int in_send;

/* Runs at exit, before what the host registered when it started. */
static __attribute__((destructor)) void unload(void) {
  if (in_send) abort();
}

SEND(self, call, events, count, results) {
  (void)self, (void)call, (void)events, (void)count, (void)results;
  in_send = 1;
  exit(0);
}
FLAWED_NOTIFIER("test.hostile.exit_past", NULL)
