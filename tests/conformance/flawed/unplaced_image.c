/* SPDX-License-Identifier: Apache-2.0 */
/* Puts an image into another object, which it does not name in full. */
#include "right.h"
static hw_status describe(void* self, const hw_call* call, const hw_target_sink* out) {
  static const char* const versions[] = {"v1", NULL};
  hw_target target;
  (void)self, (void)call;
  memset(&target, 0, sizeof target);
  target.struct_size = sizeof target;
  target.group = text("example.com");
  target.plural = text("widgets");
  target.kind = text("Widget");
  target.versions = versions;
  return out->put(out->ctx, &target);
}
static hw_status images(void* self, const hw_call* call, hw_str object, const hw_str* related, size_t related_count,
                        const hw_image_sink* out) {
  hw_image image;
  (void)self, (void)call, (void)object, (void)related, (void)related_count;
  memset(&image, 0, sizeof image);
  image.struct_size = sizeof image;
  image.slot = text("containers/web");
  image.reference = text("nginx:1.0");
  image.pointer = text("/spec/image");
  image.object = text("shop/charts");
  return out->put(out->ctx, &image);
}
static const hw_workload_api api = {sizeof(hw_workload_api), 0, describe, images, NULL};
STATIC_PLUGIN(plugin, HW_KIND_WORKLOAD, "test.flawed.unplaced-image", "", NULL, &api)
STATIC_MODULE(plugin)
