/* SPDX-License-Identifier: Apache-2.0 */
/* Each instance leaves a thread behind. */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <unistd.h>
#include "../../hostile/load/policy.h"
static void* linger(void* context) {
  sleep(60);
  return context;
}
static hw_status create_with_thread(const hw_call* call, const hw_plugin* self_description, hw_str config,
                                    void** self) {
  pthread_t thread;
  (void)self_description;
  if (pthread_create(&thread, NULL, linger, NULL) == 0) pthread_detach(thread);
  return make_instance(call, config, self);
}
static const hw_plugin plugin = {
    sizeof(hw_plugin),   HW_KIND_POLICY,       0,         0,    HW_LITERAL("test.flawed.leaves-threads"),
    HW_LITERAL("1.0.0"), HW_LITERAL("flawed"), {NULL, 0}, NULL, &api,
    create_with_thread,  free_instance,        NULL};
STATIC_MODULE(plugin)
