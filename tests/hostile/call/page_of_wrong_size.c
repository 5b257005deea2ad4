/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static const hw_str name = HW_LITERAL("1.0");
  hw_tags page = page_of(&name, 1);
  (void)self, (void)call, (void)repository, (void)out;
  page.struct_size = 3;
  return out->tags(out->ctx, &page);
}
FLAWED_REGISTRY("test.hostile.page-of-wrong-size", NULL)
