/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  volatile int busy = 1;
  (void)self, (void)call, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  while (busy) {
  }
  return HW_OK;
}
FLAWED_POLICY("test.hostile.spins", NULL)
