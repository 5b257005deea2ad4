/* SPDX-License-Identifier: Apache-2.0 */
/* Says that it delivered what it could not, for want of a service or of the hook's URL. */
#include "right.h"
static hw_status take(void* ctx, hw_str chunk) {
  (void)ctx, (void)chunk;
  return HW_OK;
}
SEND(send) {
  const hw_sink sink = {NULL, take};
  const hw_secrets* secrets = (const hw_secrets*)call->host->service(call->host, HW_SERVICE_SECRETS);
  (void)self, (void)events;
  if (secrets != NULL && secrets->read(call, text("url"), &sink) == HW_OK && (call->flags & HW_CALL_DRY_RUN) == 0 &&
      post(call, "https://hooks.example.com/") != 200)
    return fail(call, HW_UNAVAILABLE, 1, 0, "the hook did not answer 200");
  return deliver_all(count, results);
}
static const char* const needs[] = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS, NULL};
ONE_NOTIFIER("test.flawed.goes-without", send, needs)
