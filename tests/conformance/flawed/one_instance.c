/* SPDX-License-Identifier: Apache-2.0 */
/* Can be made once. */
#include "../../hostile/load/policy.h"
static int made;
static hw_status create_one(const hw_call* call, const hw_plugin* self_description, hw_str config, void** self) {
  (void)self_description;
  if (made++ > 0) {
    hw_error error = {sizeof(hw_error), HW_UNAVAILABLE, 0, 0, 0, {NULL, 0}};
    error.message = text("there is one already");
    return call->host->fail(call, &error);
  }
  return make_instance(call, config, self);
}
static const hw_plugin plugin = {
    sizeof(hw_plugin),   HW_KIND_POLICY,       0,         0,    HW_LITERAL("test.flawed.one-instance"),
    HW_LITERAL("1.0.0"), HW_LITERAL("flawed"), {NULL, 0}, NULL, &api,
    create_one,          free_instance,        NULL};
STATIC_MODULE(plugin)
