/* SPDX-License-Identifier: Apache-2.0 */
/* Is told that a tag is refused, and goes on as if nothing were. */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static const hw_str bad = {"\xff", 1}, good = HW_LITERAL("1.0");
  const hw_tags refused = page_of(&bad, 1), page = page_of(&good, 1);
  (void)self, (void)call, (void)repository, (void)out;
  if (out->tags(out->ctx, &refused) == HW_OK) return HW_OK;
  return out->tags(out->ctx, &page) == HW_INVALID ? HW_OK : HW_DENIED;
}
FLAWED_REGISTRY("test.hostile.results-after-refusal", NULL)
