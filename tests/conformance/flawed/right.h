/* SPDX-License-Identifier: Apache-2.0 */
/* A policy, a notifier and a workload kind that are right in everything: each module here spoils one thing. */
#ifndef TEST_CONFORMANCE_RIGHT_H
#define TEST_CONFORMANCE_RIGHT_H
#include "module.h"

#define CHOOSE(name)                                                                                              \
  static hw_status name(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates, \
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts)
#define SEND(name)                                                                                    \
  static hw_status name(void* self, const hw_call* call, const hw_event* const* events, size_t count, \
                        hw_status* results)

CHOOSE(hold_all) {
  size_t row;
  (void)self, (void)call, (void)query;
  out->verdict = HW_HOLD;
  if (why != NULL && why->write(why->ctx, text("holds everything")) != HW_OK) return HW_CANCELLED;
  for (row = 0; verdicts != NULL && row < candidates->count; ++row)
    if (verdicts->put(verdicts->ctx, row, HW_HOLD, text("held")) != HW_OK) return HW_CANCELLED;
  return HW_OK;
}

static hw_status deliver_all(size_t count, hw_status* results) {
  size_t i;
  for (i = 0; i < count; ++i) results[i] = HW_OK;
  return HW_OK;
}

/* POST to a fixed URL; the answer's status, or 0 where there is none. */
static hw_status note_status(void* ctx, int32_t status, const hw_kv* headers, size_t count) {
  (void)headers, (void)count;
  *(int32_t*)ctx = status;
  return HW_OK;
}
static int32_t post(const hw_call* call, const char* url) {
  const hw_http* http = (const hw_http*)call->host->service(call->host, HW_SERVICE_HTTP);
  hw_http_request request;
  hw_http_reply reply;
  int32_t status = 0;
  if (http == NULL) return 0;
  memset(&request, 0, sizeof request);
  memset(&reply, 0, sizeof reply);
  request.struct_size = sizeof request;
  request.method = text("POST");
  request.url = text(url);
  reply.struct_size = sizeof reply;
  reply.ctx = &status;
  reply.head = note_status;
  return http->exchange(call, &request, &reply) == HW_OK ? status : 0;
}

static hw_status describe_widgets(void* self, const hw_call* call, const hw_target_sink* out) {
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
static hw_image image_at(const char* pointer) {
  hw_image image;
  memset(&image, 0, sizeof image);
  image.struct_size = sizeof image;
  image.slot = text("containers/web");
  image.reference = text("nginx:1.0");
  image.pointer = text(pointer);
  return image;
}

#define ONE_POLICY(id, choose)                                         \
  static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose}; \
  STATIC_PLUGIN(plugin, HW_KIND_POLICY, id, "", NULL, &api)            \
  STATIC_MODULE(plugin)
#define ONE_NOTIFIER(id, send, needs)                                    \
  static const hw_notifier_api api = {sizeof(hw_notifier_api), 0, send}; \
  STATIC_PLUGIN(plugin, HW_KIND_NOTIFIER, id, "", needs, &api)           \
  STATIC_MODULE(plugin)
#define ONE_WORKLOAD(id, images)                                                                   \
  static const hw_workload_api api = {sizeof(hw_workload_api), 0, describe_widgets, images, NULL}; \
  STATIC_PLUGIN(plugin, HW_KIND_WORKLOAD, id, "", NULL, &api)                                      \
  STATIC_MODULE(plugin)

static inline void use_right(void) {
  (void)hold_all;
  (void)deliver_all;
  (void)post;
  (void)describe_widgets;
  (void)image_at;
  use_helpers();
}
#endif
