/* SPDX-License-Identifier: Apache-2.0 */
/* 2 GiB of tags, whatever the answer. */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static char letters[256];
  static hw_str names[4096];
  const hw_tags page = page_of(names, 4096);
  size_t i;
  (void)self, (void)call, (void)repository, (void)out;
  memset(letters, 'x', sizeof letters);
  for (i = 0; i < 4096; ++i) names[i].ptr = letters, names[i].len = sizeof letters;
  for (i = 0; i < 2048; ++i) out->tags(out->ctx, &page);
  return HW_OK;
}
FLAWED_REGISTRY("test.hostile.flooded-sink", NULL)
