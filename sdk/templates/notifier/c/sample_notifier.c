/* SPDX-License-Identifier: Apache-2.0 */
/* Posts each event as a line of text. The URL is a secret, as those of chat hooks are: it is read when it is needed,
 * since secrets change, and is never logged nor part of an error. */
#include <headwind/notifier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) ((hw_str){literal, sizeof(literal) - 1})

typedef struct { /* one configured instance */
  const hw_http* http;
  const hw_secrets* secrets;
} instance;

typedef struct {
  char bytes[4096];
  size_t length;
} text;

typedef struct {
  int32_t status;
  int64_t retry_after_ms;
} answer;

/* Says why the call fails: once, right before the return. What the host's services answer, they have explained. */
static hw_status fail(const hw_call* call, hw_status code, int64_t retry_after_ms, const char* message) {
  const int32_t may_pass = code == HW_THROTTLED || code == HW_UNAVAILABLE;
  const hw_error error = {sizeof error, code, may_pass, 0, retry_after_ms, {message, strlen(message)}};
  return call->host->fail(call, &error);
}

static hw_status append(void* ctx, hw_str chunk) {
  text* const to = ctx;
  if (chunk.len > sizeof to->bytes - to->length) return HW_INVALID;
  if (chunk.len > 0) memcpy(to->bytes + to->length, chunk.ptr, chunk.len);
  to->length += chunk.len;
  return HW_OK;
}

static hw_status take_head(void* ctx, int32_t status, const hw_kv* headers, size_t count) {
  answer* const to = ctx;
  size_t row, i;
  to->status = status;
  to->retry_after_ms = 0;
  for (row = 0; row < count; ++row) {
    const hw_str key = headers[row].key, value = headers[row].value;
    if (key.len != 11 || memcmp(key.ptr, "retry-after", 11) != 0) continue;
    for (i = 0; i < value.len && i < 6 && value.ptr[i] >= '0' && value.ptr[i] <= '9'; ++i)
      to->retry_after_ms = to->retry_after_ms * 10 + (value.ptr[i] - '0') * 1000;
  }
  return HW_OK;
}

static hw_status read_url(const instance* self, const hw_call* call, text* url) {
  const hw_sink sink = {url, append};
  const hw_status status = self->secrets->read(call, TEXT("url"), &sink);
  while (url->length > 0 && (url->bytes[url->length - 1] == '\n' || url->bytes[url->length - 1] == ' ')) --url->length;
  return status;
}

static hw_status deliver(const instance* self, const hw_call* call, const hw_event* event) {
  const hw_kv header = {HW_LITERAL("content-type"), HW_LITERAL("text/plain; charset=utf-8")};
  text url = {{0}, 0}, body = {{0}, 0};
  answer got = {0, 0};
  const hw_http_reply reply = {sizeof reply, 0, &got, take_head, NULL}; /* the body of the answer tells us nothing */
  hw_http_request request = {sizeof request, 0, HW_LITERAL("POST"), {NULL, 0}, &header, 1, {NULL, 0}, {NULL, 0}, 0};
  char message[80];
  hw_status status = read_url(self, call, &url);
  if (status != HW_OK) return status;
  if (append(&body, event->subject) != HW_OK || append(&body, TEXT(": ")) != HW_OK ||
      append(&body, event->text) != HW_OK || append(&body, TEXT("\n")) != HW_OK)
    return fail(call, HW_INVALID, 0, "the event is longer than 4096 bytes");
  if (call->flags & HW_CALL_DRY_RUN) return HW_OK; /* look, but tell nobody */

  request.url = (hw_str){url.bytes, url.length};
  request.body = (hw_str){body.bytes, body.length};
  status = self->http->exchange(call, &request, &reply);
  if (status != HW_OK) return status;
  if (got.status >= 200 && got.status < 300) return HW_OK;
  snprintf(message, sizeof message, "the server of the secret url answered with HTTP status %d", (int)got.status);
  if (got.status == 429) return fail(call, HW_THROTTLED, got.retry_after_ms, message);
  if (got.status >= 500) return fail(call, HW_UNAVAILABLE, got.retry_after_ms, message);
  return fail(call, HW_INVALID, 0, message);
}

static hw_status send(void* self, const hw_call* call, const hw_event* const* events, size_t count,
                      hw_status* results) {
  size_t i;
  for (i = 0; i < count; ++i) {
    results[i] = deliver(self, call, events[i]);
    if (results[i] != HW_OK) return results[i]; /* those that follow come again later, in their order */
  }
  return HW_OK;
}

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  instance* const made = malloc(sizeof *made);
  (void)plugin, (void)config; /* this one has no settings */
  if (!made) return fail(call, HW_INTERNAL, 0, "out of memory");
  made->http = call->host->service(call->host, HW_SERVICE_HTTP);
  made->secrets = call->host->service(call->host, HW_SERVICE_SECRETS);
  if (!made->http || !made->secrets) {
    free(made);
    return fail(call, HW_UNSUPPORTED, 0, "the services for HTTP and secrets are not granted to this instance");
  }
  *self = made;
  return HW_OK;
}

static void destroy(void* self) { free(self); }

static const char* const needs[] = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS, NULL};
static const hw_notifier_api api = {sizeof(hw_notifier_api), 0, send};
static const hw_plugin plugin = {
    sizeof(hw_plugin),
    HW_KIND_NOTIFIER,
    0,
    0,
    HW_LITERAL("com.example.notifier.sample"),
    HW_LITERAL("0.1.0"),
    HW_LITERAL("Posts each event as a line of text"),
    HW_LITERAL("{\"type\": \"object\", \"additionalProperties\": false}"),
    needs,
    &api,
    create,
    destroy,
    NULL,
};
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, HW_LITERAL("sample-notifier"), plugins};

const hw_module* hw_entry_v1(void) { return &module; }
