/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a push where tags were asked for. */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  hw_push push;
  (void)self, (void)call, (void)repository, (void)out;
  memset(&push, 0, sizeof push);
  push.struct_size = sizeof push;
  return out->push(out->ctx, &push);
}
FLAWED_REGISTRY("test.hostile.wrong-sink", NULL)
