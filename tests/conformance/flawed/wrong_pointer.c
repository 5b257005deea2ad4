/* SPDX-License-Identifier: Apache-2.0 */
/* Names a place in the object where no image is. */
#include "right.h"
static hw_status images(void* self, const hw_call* call, hw_str object, const hw_str* related, size_t related_count,
                        const hw_image_sink* out) {
  const hw_image image = image_at("/spec/no/such/place");
  (void)self, (void)call, (void)object, (void)related, (void)related_count;
  return out->put(out->ctx, &image);
}
ONE_WORKLOAD("test.flawed.wrong-pointer", images)
