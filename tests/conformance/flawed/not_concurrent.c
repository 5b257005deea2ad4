/* SPDX-License-Identifier: Apache-2.0 */
/* Cannot bear two calls at once, and does not say so. */
#define _DEFAULT_SOURCE
#include <unistd.h>
#include "right.h"
static volatile int inside;
CHOOSE(choose) {
  hw_status status;
  if (__sync_fetch_and_add(&inside, 1) != 0) abort();
  usleep(500);
  status = hold_all(self, call, query, candidates, out, why, verdicts);
  __sync_fetch_and_sub(&inside, 1);
  return status;
}
ONE_POLICY("test.flawed.not-concurrent", choose)
