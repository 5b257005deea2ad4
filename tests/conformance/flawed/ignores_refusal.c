/* SPDX-License-Identifier: Apache-2.0 */
/* Goes on to put tags when it is told to stop. */
#include "right.h"
static hw_status list_tags(void* self, const hw_call* call, hw_str repository, const hw_registry_sink* out) {
  static const hw_str name = HW_LITERAL("1.0");
  hw_tags page = {sizeof(hw_tags), 0, 1, NULL, NULL, NULL, NULL};
  int i;
  (void)self, (void)call, (void)repository;
  page.names = &name;
  for (i = 0; i < 3; ++i) out->tags(out->ctx, &page);
  return HW_CANCELLED;
}
static hw_status resolve(void* self, const hw_call* call, hw_str repository, hw_str tag, hw_str platform,
                         const hw_registry_sink* out) {
  (void)self, (void)repository, (void)tag, (void)platform, (void)out;
  return fail(call, HW_UNSUPPORTED, 0, 0, "it resolves nothing");
}
static const hw_registry_api api = {sizeof(hw_registry_api), 0, list_tags, resolve, NULL, NULL};
STATIC_PLUGIN(plugin, HW_KIND_REGISTRY, "test.flawed.ignores-refusal", "", NULL, &api)
STATIC_MODULE(plugin)
