/* SPDX-License-Identifier: Apache-2.0 */
/* Puts an image into another object, which it does not name in full. */
#include "right.h"
static hw_status images(void* self, const hw_call* call, hw_str object, const hw_str* related, size_t related_count,
                        const hw_image_sink* out) {
  hw_image image = image_at("/spec/image");
  (void)self, (void)call, (void)object, (void)related, (void)related_count;
  image.object = text("shop/charts");
  return out->put(out->ctx, &image);
}
ONE_WORKLOAD("test.flawed.unplaced-image", images)
