/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for the NUL that no text of the host has; whatever it finds does no harm. */
#include "right.h"
CHOOSE(choose) {
  const volatile char* behind = query->tag.ptr + query->tag.len;
  if (*behind == '\0') return hold_all(self, call, query, candidates, out, why, verdicts);
  return hold_all(self, call, query, candidates, out, why, verdicts);
}
ONE_POLICY("test.flawed.reads-past-text", choose)
