/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>
#include "call/flawed.h"
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  (void)self, (void)call, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  for (;;) pause();
}
FLAWED_POLICY("test.hostile.never-returns", NULL)
