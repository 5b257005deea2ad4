/* SPDX-License-Identifier: Apache-2.0 */
/* A workload's unit test in C:
 *
 *   assert(hw_testing_images(&host, "{\"spec\": {\"image\": \"ghcr.io/acme/web:1.2.3\"}}") == HW_OK);
 *   assert(strcmp(host.out, "web ghcr.io/acme/web:1.2.3 /spec/image\n") == 0);
 *
 * The output has a line for each thing that the plugin put: "GROUP/VERSION/PLURAL KIND" with the first of its versions,
 * "SLOT REFERENCE POINTER[ GUARD-POINTER=GUARD-VALUE][ in OBJECT]", "STATE READY/WANTED[ REASON]". */
#ifndef HEADWIND_TESTING_WORKLOAD_H
#define HEADWIND_TESTING_WORKLOAD_H
#include <headwind/testing/host.h>
#include <headwind/workload.h>

#if defined(__cplusplus)
extern "C" {
#endif

static inline hw_status hw_testing_put_target(void* ctx, const hw_target* target) {
  hw_testing* const host = (hw_testing*)ctx;
  if (host->out[0] != '\0') hw_testing_stop("describe() put more than one target");
  if (!target->versions || !target->versions[0]) hw_testing_stop("describe() put a target without a version");
  hw_testing_append(&host->out, target->group);
  hw_testing_add(&host->out, "/", target->versions[0], "/", NULL);
  hw_testing_append(&host->out, target->plural);
  hw_testing_add(&host->out, " ", NULL);
  hw_testing_append(&host->out, target->kind);
  hw_testing_add(&host->out, "\n", NULL);
  return HW_OK;
}

static inline hw_status hw_testing_put_image(void* ctx, const hw_image* image) {
  hw_testing* const host = (hw_testing*)ctx;
  hw_testing_append(&host->out, image->slot);
  hw_testing_add(&host->out, " ", NULL);
  hw_testing_append(&host->out, image->reference);
  hw_testing_add(&host->out, " ", NULL);
  hw_testing_append(&host->out, image->pointer);
  if (image->guard_pointer.len > 0) {
    hw_testing_add(&host->out, " ", NULL);
    hw_testing_append(&host->out, image->guard_pointer);
    hw_testing_add(&host->out, "=", NULL);
    hw_testing_append(&host->out, image->guard_value);
  }
  if (image->object.len > 0) {
    hw_testing_add(&host->out, " in ", NULL);
    hw_testing_append(&host->out, image->object);
  }
  hw_testing_add(&host->out, "\n", NULL);
  return HW_OK;
}

static inline hw_status hw_testing_put_reason(void* ctx, hw_str chunk) {
  hw_testing_append((char**)ctx, chunk);
  return HW_OK;
}

static inline const hw_workload_api* hw_testing_workload(const hw_testing* host) {
  return (const hw_workload_api*)hw_testing_api(host, HW_KIND_WORKLOAD);
}

/* The kind of object that the instance serves. */
static inline hw_status hw_testing_describe(hw_testing* host) {
  const hw_workload_api* const api = hw_testing_workload(host);
  hw_target_sink sink;
  const hw_call* const call = hw_testing_call(host);
  sink.struct_size = sizeof sink;
  sink.reserved0 = 0;
  sink.ctx = host;
  sink.put = hw_testing_put_target;
  if (hw_testing_return(host, api->describe(host->self, call, &sink)) == HW_OK && host->out[0] == '\0')
    hw_testing_stop("describe() answered HW_OK, and put no target");
  return host->status;
}

/* Where an object (JSON) keeps its images. `related` is another object that it sees, or NULL. */
static inline hw_status hw_testing_images_with(hw_testing* host, const char* object, const char* related) {
  const hw_workload_api* const api = hw_testing_workload(host);
  hw_image_sink sink;
  const hw_call* const call = hw_testing_call(host);
  const hw_str lent = hw_testing_lend(host, hw_testing_str(object)),
               other = hw_testing_lend(host, hw_testing_str(related));
  sink.struct_size = sizeof sink;
  sink.reserved0 = 0;
  sink.ctx = host;
  sink.put = hw_testing_put_image;
  return hw_testing_return(host, api->images(host->self, call, lent, &other, related ? 1 : 0, &sink));
}
static inline hw_status hw_testing_images(hw_testing* host, const char* object) {
  return hw_testing_images_with(host, object, NULL);
}

/* How far the rollout of an object (JSON) is. `companion` is a pod or another object that it sees, or NULL. */
static inline hw_status hw_testing_rollout(hw_testing* host, const char* object, const char* companion) {
  static const char* const states[] = {"running", "done", "failed", "held"};
  const hw_workload_api* const api = hw_testing_workload(host);
  const hw_call* call;
  hw_rollout rollout;
  hw_sink sink;
  hw_str lent, other;
  char replicas[32];
  char* reason = hw_testing_copy(hw_testing_str(""));
  if (!HW_CAN(hw_workload_api, api, rollout)) hw_testing_stop("the plugin has no rollout");
  call = hw_testing_call(host);
  lent = hw_testing_lend(host, hw_testing_str(object));
  other = hw_testing_lend(host, hw_testing_str(companion));
  rollout.struct_size = sizeof rollout;
  rollout.state = HW_ROLLOUT_RUNNING;
  rollout.ready = rollout.wanted = 0;
  sink.ctx = &reason;
  sink.write = hw_testing_put_reason;
  if (hw_testing_return(host, api->rollout(host->self, call, lent, &other, companion ? 1 : 0, &rollout, &sink)) ==
      HW_OK) {
    if (rollout.state < HW_ROLLOUT_RUNNING || rollout.state > HW_ROLLOUT_HELD)
      hw_testing_stop("rollout() gave a state that is none");
    snprintf(replicas, sizeof replicas, " %d/%d", (int)rollout.ready, (int)rollout.wanted);
    hw_testing_add(&host->out, states[rollout.state], replicas, *reason ? " " : "", reason, "\n", NULL);
  }
  free(reason);
  return host->status;
}

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
