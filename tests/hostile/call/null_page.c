/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  (void)self, (void)call, (void)repository, (void)out;
  return out->tags(out->ctx, NULL);
}
FLAWED_REGISTRY("test.hostile.null-page", NULL)
