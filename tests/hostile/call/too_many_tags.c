/* SPDX-License-Identifier: Apache-2.0 */
/* A million tags and one page more, none of the pages too long. */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static hw_str names[1000];
  const hw_tags page = page_of(names, 1000);
  size_t i;
  hw_status status = HW_OK;
  (void)self, (void)call, (void)repository;
  for (i = 0; i < 1000; ++i) names[i] = text("x");
  for (i = 0; i <= 1000 && status == HW_OK; ++i) status = out->tags(out->ctx, &page);
  return status;
}
FLAWED_REGISTRY("test.hostile.too-many-tags", NULL)
