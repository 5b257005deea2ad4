/* SPDX-License-Identifier: Apache-2.0 */
/* No hook of anybody's is run. */
#include <unistd.h>
#include "call/flawed.h"
SEND(self, call, events, count, results) {
  (void)self, (void)call, (void)events, (void)count, (void)results;
  _exit(0);
}
FLAWED_NOTIFIER("test.hostile.leaves_at_once", NULL)
