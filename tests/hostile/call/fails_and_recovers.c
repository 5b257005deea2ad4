/* SPDX-License-Identifier: Apache-2.0 */
/* Internal errors until the policy is "well". */
#include "call/flawed.h"
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  (void)self, (void)call, (void)candidates, (void)out, (void)why, (void)verdicts;
  return is(query->policy, "well") ? HW_OK : HW_INTERNAL;
}
FLAWED_POLICY("test.hostile.fails-and-recovers", NULL)
