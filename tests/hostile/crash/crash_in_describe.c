/* SPDX-License-Identifier: Apache-2.0 */
#include "call/flawed.h"
static hw_status describe(void* self, const hw_call* call, const hw_target_sink* out) {
  hw_target target;
  (void)self, (void)call;
  memset(&target, 0, sizeof target);
  target.struct_size = sizeof target;
  target.group = text("batch");
  target.plural = text("cronjobs");
  target.kind.ptr = (const char*)16; /* a result that leads nowhere */
  target.kind.len = 7;
  return out->put(out->ctx, &target);
}
static hw_status images(void* self, const hw_call* call, hw_str object, const hw_str* related, size_t related_count,
                        const hw_image_sink* out) {
  (void)self, (void)call, (void)object, (void)related, (void)related_count, (void)out;
  return HW_OK;
}
static const hw_workload_api api = {sizeof(hw_workload_api), 0, describe, images, NULL};
STATIC_PLUGIN(plugin, HW_KIND_WORKLOAD, "test.hostile.crash-in-describe", "", NULL, &api)
STATIC_MODULE(plugin)
