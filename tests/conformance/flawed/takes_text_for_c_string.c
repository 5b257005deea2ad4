/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a tag for a string that ends with a NUL. */
#include "right.h"
CHOOSE(choose) {
  if (candidates->count > 0 && why != NULL) why->write(why->ctx, text(candidates->names[0].ptr));
  return hold_all(self, call, query, candidates, out, NULL, verdicts);
}
ONE_POLICY("test.flawed.takes-text-for-c-string", choose)
