/* SPDX-License-Identifier: Apache-2.0 */
/* Lists two pages, resolves over HTTP, and reads webhooks of the form "repository tag". */
#define _DEFAULT_SOURCE
#include "module.h"

#include <stdio.h>
#include <unistd.h>

static hw_status list_tags(void* self, const hw_call* call, hw_str repository, const hw_registry_sink* out) {
  static const hw_str names[] = {HW_LITERAL("1.0.0"), HW_LITERAL("1.1.0")};
  static const hw_str digests[] = {
      HW_LITERAL("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), {NULL, 0}};
  hw_tags page = {sizeof(hw_tags), 0, 2, names, NULL, NULL, NULL};
  hw_status status;
  (void)self;
  if (is(repository, "docker.io/bad/utf8")) {
    static const hw_str bad = {"1.0\xff", 4};
    page.names = &bad;
    page.count = 1;
    out->tags(out->ctx, &page);
    return HW_OK; /* and ignores that it was refused */
  }
  if (is(repository, "dated.com/dated/nginx")) {
    static const int64_t created[] = {1000, 0}, pushed[] = {2000, 3000};
    page.digests = digests;
    page.created_ms = created;
    page.pushed_ms = pushed;
    return out->tags(out->ctx, &page);
  }
  if (is(repository, "docker.io/bad/unknown"))
    return fail(call, HW_THROTTLED, 1, 7000, "the registry asks us to slow down");
  if (is(repository, "docker.io/slow/list")) {
    while (!call->host->cancelled(call)) usleep(1000);
    return HW_CANCELLED;
  }
  status = out->tags(out->ctx, &page);
  if (status != HW_OK) return status;
  page.digests = digests;
  return out->tags(out->ctx, &page);
}

typedef struct reply {
  int32_t status;
  char body[256];
  size_t length;
} reply;

static hw_status head(void* ctx, int32_t status, const hw_kv* headers, size_t count) {
  (void)headers;
  (void)count;
  ((reply*)ctx)->status = status;
  return HW_OK;
}

static hw_status body(void* ctx, hw_str chunk) {
  reply* to = ctx;
  if (chunk.len > sizeof to->body - to->length) return HW_INVALID;
  memcpy(to->body + to->length, chunk.ptr, chunk.len);
  to->length += chunk.len;
  return HW_OK;
}

/* The digest is the body of <endpoint>/<tag>; its settings are {"endpoint":"..."}. */
static hw_status resolve(void* self, const hw_call* call, hw_str repository, hw_str tag, hw_str platform,
                         const hw_registry_sink* out) {
  const instance* me = self;
  const hw_http* http = me->host->service(me->host, HW_SERVICE_HTTP);
  const char* start = strstr(me->config, "http://");
  char url[256];
  hw_http_request request = {sizeof(hw_http_request), 0, HW_LITERAL("GET"), {NULL, 0}, NULL, 0, {NULL, 0},
                             HW_LITERAL("login"),     0};
  reply got = {0, {0}, 0};
  hw_http_reply sink = {sizeof(hw_http_reply), 0, NULL, head, body};
  hw_artifact artifact = {sizeof(hw_artifact), 0, {NULL, 0}, {NULL, 0}, 0, {NULL, 0}};
  hw_status status;
  (void)repository;
  (void)platform;
  if (http == NULL || start == NULL) return HW_UNSUPPORTED;
  snprintf(url, sizeof url, "%.*s/%.*s", (int)strcspn(start, "\""), start, (int)tag.len, tag.ptr);
  request.url = text(url);
  sink.ctx = &got;
  status = http->exchange(call, &request, &sink);
  if (status != HW_OK) return status;
  if (got.status == 404) return HW_NOT_FOUND;
  artifact.digest.ptr = got.body;
  artifact.digest.len = got.length;
  return out->artifact(out->ctx, &artifact);
}

static hw_status parse_webhook(void* self, const hw_call* call, const hw_kv* headers, size_t header_count, hw_str in,
                               const hw_registry_sink* out) {
  const char* space = memchr(in.ptr, ' ', in.len);
  hw_push push;
  (void)self;
  memset(&push, 0, sizeof push);
  push.struct_size = sizeof push;
  if (header_count == 0 || !is(headers[0].key, "x-event")) return fail(call, HW_DENIED, 0, 0, "no x-event header");
  if (space == NULL) return fail(call, HW_INVALID, 0, 0, "this is not a push");
  push.repository.ptr = in.ptr;
  push.repository.len = (size_t)(space - in.ptr);
  push.tag.ptr = space + 1;
  push.tag.len = in.len - push.repository.len - 1;
  return out->push(out->ctx, &push);
}

static const char* const needs[] = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS, NULL};
static const hw_registry_api api = {sizeof(hw_registry_api), 0, list_tags, resolve, parse_webhook, NULL};
STATIC_PLUGIN(plugin, HW_KIND_REGISTRY, "test.registry.good", "{\"type\":\"object\"}", needs, &api)
STATIC_MODULE(plugin)
