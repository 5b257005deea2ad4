/* SPDX-License-Identifier: Apache-2.0 */
/* The repository says which tag: 64 MiB long, with a NUL, not UTF-8, with a newline, or empty. */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static char longest[64 << 20];
  hw_str name = {"1", 1};
  const hw_tags page = page_of(&name, 1);
  (void)self, (void)call;
  memset(longest, '1', sizeof longest);
  if (is(repository, "long")) name.ptr = longest, name.len = sizeof longest;
  if (is(repository, "nul")) name.ptr = "1\0.0", name.len = 4;
  if (is(repository, "bytes")) name.ptr = "1.\xc3(", name.len = 4;
  if (is(repository, "newline")) name.ptr = "1.0\n", name.len = 4;
  if (is(repository, "empty")) name.len = 0;
  if (is(repository, "null")) name.ptr = NULL;
  return out->tags(out->ctx, &page);
}
FLAWED_REGISTRY("test.hostile.odd-tags", NULL)
