/* SPDX-License-Identifier: Apache-2.0 */
/* An "object" is the text of its image; "" has none, "broken" is refused. The first related object, where there is one,
 * names the place where the value lies. */
#include "module.h"

static hw_status describe(void* self, const hw_call* call, const hw_target_sink* out) {
  static const char* const versions[] = {"v1", NULL};
  static const char* const companions[] = {"apps/v1/replicasets", NULL};
  static const char* const related[] = {"example.com/sources", NULL};
  static const hw_target target = {
      sizeof(hw_target), 0,       HW_LITERAL("apps"), HW_LITERAL("deployments"), HW_LITERAL("Deployment"),
      versions,          related, companions};
  (void)self;
  (void)call;
  return out->put(out->ctx, &target);
}

static hw_status images(void* self, const hw_call* call, hw_str object, const hw_str* related, size_t related_count,
                        const hw_image_sink* out) {
  hw_image image = {sizeof(hw_image),
                    0,
                    HW_LITERAL("containers/web"),
                    {NULL, 0},
                    HW_LITERAL("/spec/template/spec/containers/0/image"),
                    HW_LITERAL("/spec/template/spec/containers/0/name"),
                    HW_LITERAL("web"),
                    {NULL, 0}};
  (void)self;
  if (related_count > 0) image.object = related[0];
  if (object.len == 0) return HW_OK;
  if (is(object, "broken")) return fail(call, HW_INVALID, 0, 0, "the object has no containers");
  image.reference = object;
  return out->put(out->ctx, &image);
}

static const hw_workload_api api = {sizeof(hw_workload_api), 0, describe, images, NULL};
STATIC_PLUGIN(plugin, HW_KIND_WORKLOAD, "test.workload.good", "", NULL, &api)
STATIC_MODULE(plugin)
