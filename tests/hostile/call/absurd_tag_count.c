/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static const hw_str name = HW_LITERAL("1.0");
  const hw_tags page = page_of(&name, SIZE_MAX);
  (void)self, (void)call, (void)repository, (void)out;
  return out->tags(out->ctx, &page);
}
FLAWED_REGISTRY("test.hostile.absurd-tag-count", NULL)
