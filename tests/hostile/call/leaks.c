/* SPDX-License-Identifier: Apache-2.0 */
/* 64 KiB for each call, never to be seen again. Within reach, so that a leak checker does not end the test. */
#include "call/flawed.h"
static struct block {
  struct block* next;
  char rest[65528];
}* all;
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  struct block* one = malloc(sizeof *one);
  (void)self, (void)call, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  one->next = all;
  all = one;
  return HW_OK;
}
FLAWED_POLICY("test.hostile.leaks", NULL)
