/* SPDX-License-Identifier: Apache-2.0 */
/* Puts its result from a thread of its own. */
#include <pthread.h>
#include "call/flawed.h"
static void* put(void* context) {
  const hw_registry_sink* out = context;
  static const hw_str name = HW_LITERAL("1.0");
  const hw_tags page = page_of(&name, 1);
  out->tags(out->ctx, &page);
  return NULL;
}
LIST_TAGS(self, call, repository, out) {
  pthread_t thread;
  (void)self, (void)call, (void)repository;
  if (pthread_create(&thread, NULL, put, (void*)(uintptr_t)out) != 0) return HW_UNAVAILABLE;
  pthread_join(thread, NULL);
  return HW_OK;
}
FLAWED_REGISTRY("test.hostile.foreign-thread-sink", NULL)
