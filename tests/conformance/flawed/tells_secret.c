/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the hook's URL into its error. */
#include "right.h"
static hw_status keep(void* ctx, hw_str chunk) {
  memcpy(ctx, chunk.ptr, chunk.len < 200 ? chunk.len : 200);
  return HW_OK;
}
SEND(send) {
  char url[256] = {0};
  const hw_sink sink = {url, keep};
  const hw_secrets* secrets = (const hw_secrets*)call->host->service(call->host, HW_SERVICE_SECRETS);
  hw_status status = HW_INVALID;
  (void)self, (void)events, (void)count, (void)results;
  if (secrets == NULL) return fail(call, HW_INVALID, 0, 0, "the service of secrets is not granted");
  status = secrets->read(call, text("url"), &sink);
  return status == HW_OK ? fail(call, HW_UNAVAILABLE, 1, 0, url) : status;
}
static const char* const needs[] = {HW_SERVICE_SECRETS, NULL};
ONE_NOTIFIER("test.flawed.tells-secret", send, needs)
