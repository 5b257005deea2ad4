/* SPDX-License-Identifier: Apache-2.0 */
/* Takes what somebody wrote into an annotation for the object that it should be. */
#include "right.h"
CHOOSE(choose) {
  if (query->args.len > 0 && query->args.ptr[query->args.len - 1] != '}') abort();
  return hold_all(self, call, query, candidates, out, why, verdicts);
}
ONE_POLICY("test.flawed.trusts-annotations", choose)
