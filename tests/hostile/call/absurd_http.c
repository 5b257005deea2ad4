/* SPDX-License-Identifier: Apache-2.0 */
/* The repository says what is absurd about the request. */
#include "call/flawed.h"
LIST_TAGS(self, call, repository, out) {
  static const hw_kv header = {HW_LITERAL("a"), HW_LITERAL("b")};
  const hw_http* http = call->host->service(call->host, HW_SERVICE_HTTP);
  hw_http_request request;
  hw_http_reply reply;
  (void)self, (void)out;
  memset(&request, 0, sizeof request);
  memset(&reply, 0, sizeof reply);
  request.struct_size = sizeof request;
  reply.struct_size = sizeof reply;
  request.method = text("GET");
  request.url = text("http://127.0.0.1:1/");
  request.headers = &header;
  request.header_count = 1;
  if (is(repository, "headers")) request.header_count = SIZE_MAX;
  if (is(repository, "no headers")) request.headers = NULL;
  if (is(repository, "body")) request.body.ptr = "x", request.body.len = SIZE_MAX;
  if (is(repository, "method")) request.method = text("GET / HTTP/1.1\r\nX: y\r\n\r\n");
  if (is(repository, "size")) request.struct_size = 1;
  if (is(repository, "reply")) return http->exchange(call, &request, NULL);
  return http->exchange(call, &request, &reply);
}
static const char* const needs[] = {HW_SERVICE_HTTP, NULL};
FLAWED_REGISTRY("test.hostile.absurd-http", needs)
