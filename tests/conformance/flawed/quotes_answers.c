/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes what the peer answers, who may have quoted the secret. Without the secret it is merely untidy: it returns
 * another status than it told host->fail. */
#include "right.h"
typedef struct answer {
  int32_t status;
  char body[256];
} answer;
static hw_status take(void* ctx, hw_str chunk) {
  (void)ctx, (void)chunk;
  return HW_OK;
}
static hw_status take_head(void* ctx, int32_t status, const hw_kv* headers, size_t count) {
  (void)headers, (void)count;
  ((answer*)ctx)->status = status;
  return HW_OK;
}
static hw_status take_body(void* ctx, hw_str chunk) {
  char* body = ((answer*)ctx)->body;
  const size_t length = strlen(body), left = sizeof((answer*)ctx)->body - 1 - length;
  memcpy(body + length, chunk.ptr, chunk.len < left ? chunk.len : left);
  return HW_OK;
}
SEND(send) {
  const hw_sink sink = {NULL, take};
  const hw_http* http = (const hw_http*)call->host->service(call->host, HW_SERVICE_HTTP);
  const hw_secrets* secrets = (const hw_secrets*)call->host->service(call->host, HW_SERVICE_SECRETS);
  answer got = {0, {0}};
  hw_http_request request;
  hw_http_reply reply;
  hw_status status = HW_OK;
  (void)self, (void)events;
  if (http == NULL || secrets == NULL) return fail(call, HW_INVALID, 0, 0, "a service is not granted");
  if (secrets->read(call, text("token"), &sink) != HW_OK) {
    (void)fail(call, HW_NOT_FOUND, 0, 0, "the secret token is not granted");
    return HW_DENIED;
  }
  memset(&request, 0, sizeof request);
  memset(&reply, 0, sizeof reply);
  request.struct_size = sizeof request;
  request.method = text("POST");
  request.url = text("https://hooks.example.com/");
  reply.struct_size = sizeof reply;
  reply.ctx = &got;
  reply.head = take_head;
  reply.body = take_body;
  if ((call->flags & HW_CALL_DRY_RUN) == 0) {
    status = http->exchange(call, &request, &reply);
    if (status != HW_OK) return status;
    if (got.status != 200) return fail(call, HW_UNAVAILABLE, 1, 0, got.body[0] != 0 ? got.body : "it answers not 200");
  }
  return deliver_all(count, results);
}
static const char* const needs[] = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS, NULL};
ONE_NOTIFIER("test.flawed.quotes-answers", send, needs)
