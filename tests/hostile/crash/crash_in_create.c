/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  (void)self, (void)call, (void)repository, (void)out;
  return HW_OK;
}
static hw_status resolve(void* self, const hw_call* call, hw_str repository, hw_str tag, hw_str platform,
                         const hw_registry_sink* out) {
  (void)self, (void)call, (void)repository, (void)tag, (void)platform, (void)out;
  return HW_UNSUPPORTED;
}
static const hw_registry_api api = {sizeof(hw_registry_api), 0, list_tags, resolve, NULL, NULL};
static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  (void)plugin;
  raise(SIGBUS);
  return make_instance(call, config, self);
}
static const hw_plugin plugin = {sizeof(hw_plugin),
                                 HW_KIND_REGISTRY,
                                 0,
                                 0,
                                 HW_LITERAL("test.hostile.crash-in-create"),
                                 HW_LITERAL("1.0.0"),
                                 HW_LITERAL("hostile"),
                                 {NULL, 0},
                                 NULL,
                                 &api,
                                 create,
                                 free_instance,
                                 NULL};
STATIC_MODULE(plugin)
