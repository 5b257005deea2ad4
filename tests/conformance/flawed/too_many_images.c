/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a thousand images of one object, and another one. */
#include "right.h"
static hw_status images(void* self, const hw_call* call, hw_str object, const hw_str* related, size_t related_count,
                        const hw_image_sink* out) {
  hw_image image = image_at("/spec/image");
  hw_status status = HW_OK;
  int left;
  (void)self, (void)call, (void)object, (void)related, (void)related_count;
  image.object = text("example.com/v1/widgets/shop/other");
  for (left = 1001; left > 0 && status == HW_OK; --left) status = out->put(out->ctx, &image);
  return status;
}
ONE_WORKLOAD("test.flawed.too-many-images", images)
