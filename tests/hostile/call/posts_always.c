/* SPDX-License-Identifier: Apache-2.0 */
/* Sends each event with the method that is its text, in a dry run too. */
#include "call/flawed.h"
SEND(self, call, events, count, results) {
  const hw_http* http = call->host->service(call->host, HW_SERVICE_HTTP);
  hw_http_request request;
  hw_http_reply reply;
  size_t i;
  (void)self;
  memset(&request, 0, sizeof request);
  memset(&reply, 0, sizeof reply);
  request.struct_size = sizeof request;
  reply.struct_size = sizeof reply;
  request.url = text("http://127.0.0.1:1/");
  for (i = 0; i < count; ++i) {
    request.method = events[i]->text;
    results[i] = http->exchange(call, &request, &reply);
    if (results[i] != HW_OK) return results[i];
  }
  return HW_OK;
}
static const char* const needs[] = {HW_SERVICE_HTTP, NULL};
FLAWED_NOTIFIER("test.hostile.posts-always", needs)
