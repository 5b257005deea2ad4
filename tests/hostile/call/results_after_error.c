/* SPDX-License-Identifier: Apache-2.0 */
/* Reports a failure, and goes on to put results before it returns it. */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static const hw_str name = HW_LITERAL("1.0");
  const hw_tags page = page_of(&name, 1);
  hw_status status;
  (void)self, (void)repository;
  out->tags(out->ctx, &page);
  status = fail(call, HW_UNAVAILABLE, 1, 0, "the registry is down");
  out->tags(out->ctx, &page);
  return status;
}
FLAWED_REGISTRY("test.hostile.results-after-error", NULL)
