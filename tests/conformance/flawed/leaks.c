/* SPDX-License-Identifier: Apache-2.0 */
/* A kilobyte for each call, never to be seen again. Within reach, so that a leak checker does not end the test. */
#include "right.h"
static struct block {
  struct block* next;
  char rest[1000];
}* all;
CHOOSE(choose) {
  struct block* one = (struct block*)malloc(sizeof *one);
  one->next = all;
  all = one;
  return hold_all(self, call, query, candidates, out, why, verdicts);
}
ONE_POLICY("test.flawed.leaks", choose)
