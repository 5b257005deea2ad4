/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of hw_host and of its services behind testing/host.h. */
#ifndef HEADWIND_TESTING_SERVICES_H
#define HEADWIND_TESTING_SERVICES_H
#include <headwind/testing/state.h>

#if defined(__cplusplus)
extern "C" {
#endif

static inline hw_testing* hw_testing_of(const hw_host* host) { return (hw_testing*)host->ctx; }

/* The entry of this name, which is made where there is none. */
static inline hw_testing_entry* hw_testing_find(hw_testing_entry* entries, size_t* count, hw_str name) {
  size_t i;
  for (i = 0; i < *count; ++i) {
    if (hw_testing_equal(name, entries[i].name)) return &entries[i];
  }
  if (*count == HW_TESTING_MOST) hw_testing_stop("too many secrets or metrics");
  entries[*count].name = hw_testing_copy(name);
  return &entries[(*count)++];
}

static inline void hw_testing_note(hw_testing* self, hw_status code, int32_t retryable, int64_t retry_after_ms,
                                   hw_str message) {
  free(self->failure.message);
  self->failure.code = code;
  self->failure.retryable = retryable;
  self->failure.retry_after_ms = retry_after_ms;
  self->failure.message = hw_testing_copy(message);
}

static inline int32_t hw_testing_log_enabled(const hw_host* host, int32_t level) {
  (void)host, (void)level;
  return 1;
}

static inline void hw_testing_log(const hw_host* host, int32_t level, hw_str message, const hw_kv* fields,
                                  size_t count) {
  static const char* const names[] = {"?", "debug", "info", "warn", "error"};
  hw_testing* const self = hw_testing_of(host);
  size_t i;
  hw_testing_add(&self->logs, names[level >= HW_LOG_DEBUG && level <= HW_LOG_ERROR ? level : 0], " ", NULL);
  hw_testing_append(&self->logs, message);
  for (i = 0; i < count; ++i) {
    hw_testing_add(&self->logs, " ", NULL);
    hw_testing_append(&self->logs, fields[i].key);
    hw_testing_add(&self->logs, "=", NULL);
    hw_testing_append(&self->logs, fields[i].value);
  }
  hw_testing_add(&self->logs, "\n", NULL);
}

static inline int64_t hw_testing_unix_ms(const hw_host* host) { return hw_testing_of(host)->unix_ms; }
static inline int64_t hw_testing_mono_ms(const hw_host* host) { return hw_testing_of(host)->mono_ms; }
static inline int32_t hw_testing_cancelled(const hw_call* call) {
  const hw_testing* const self = hw_testing_of(call->host);
  return self->cancelled || self->mono_ms >= call->deadline_ms;
}

static inline hw_status hw_testing_fail(const hw_call* call, const hw_error* error) {
  hw_testing* const self = hw_testing_of(call->host);
  if (error->code <= HW_OK || error->code > HW_INTERNAL) hw_testing_stop("fail() was given a code that is none");
  if (error->message.len == 0) hw_testing_stop("fail() was given no message");
  if (self->failure_count++ > 0) hw_testing_stop("fail() was called twice in one call");
  hw_testing_note(self, error->code, error->retryable, error->retry_after_ms, error->message);
  return error->code;
}

static inline hw_status hw_testing_refuse(hw_testing* self, hw_status code, const char* why, hw_str what) {
  char* message = NULL;
  hw_testing_add(&message, why, NULL);
  hw_testing_append(&message, what);
  hw_testing_note(self, code, code == HW_CANCELLED || code == HW_UNAVAILABLE, 0, hw_testing_str(message));
  free(message);
  return code;
}

static inline void hw_testing_record_request(hw_testing* self, const hw_http_request* request) {
  hw_testing_request* record;
  size_t i;
  if (self->request_count == HW_TESTING_MOST) hw_testing_stop("too many HTTP requests");
  record = &self->requests[self->request_count++];
  record->method = hw_testing_copy(request->method);
  record->url = hw_testing_copy(request->url);
  record->headers = hw_testing_copy(hw_testing_str(""));
  for (i = 0; i < request->header_count; ++i) {
    hw_testing_append(&record->headers, request->headers[i].key);
    hw_testing_add(&record->headers, ": ", NULL);
    hw_testing_append(&record->headers, request->headers[i].value);
    hw_testing_add(&record->headers, "\n", NULL);
  }
  record->body = hw_testing_copy(request->body);
  record->credential = hw_testing_copy(request->credential);
}

/* The secret of this name, or NULL. */
static inline const char* hw_testing_granted(const hw_testing* self, hw_str name) {
  size_t i;
  for (i = 0; i < self->secret_count; ++i) {
    if (hw_testing_equal(name, self->secrets[i].name)) return self->secrets[i].text;
  }
  return NULL;
}

static inline hw_status hw_testing_exchange(const hw_call* call, const hw_http_request* request,
                                            const hw_http_reply* reply) {
  hw_testing* const self = hw_testing_of(call->host);
  const hw_testing_reply* script;
  hw_kv headers[HW_TESTING_HEADERS];
  hw_str body, half;
  hw_status status;
  hw_testing_record_request(self, request);
  if (hw_testing_cancelled(call))
    return hw_testing_refuse(self, HW_CANCELLED, "the deadline passed before the HTTP request", hw_testing_str(""));
  if (request->credential.len > 0 && !hw_testing_equal(request->credential, "pull") &&
      !hw_testing_granted(self, request->credential))
    return hw_testing_refuse(self, HW_DENIED, "its configuration grants no secret named ", request->credential);
  if (self->next_reply == self->reply_count)
    return hw_testing_refuse(self, HW_UNAVAILABLE, "no answer is scripted for ", request->url);
  script = &self->replies[self->next_reply++];
  if (script->failure != HW_OK) return hw_testing_refuse(self, script->failure, "no answer from ", request->url);
  if (reply->head) {
    status = reply->head(reply->ctx, script->status, headers,
                         hw_testing_headers(script->headers, headers, HW_TESTING_HEADERS));
    if (status != HW_OK) return status;
  }
  if (!reply->body)
    return script->breaks_off ? hw_testing_refuse(self, HW_UNAVAILABLE, "the answer broke off from ", request->url)
                              : HW_OK;
  body = hw_testing_str(script->body); /* in two chunks, so that nobody relies on one */
  half.ptr = body.ptr;
  half.len = body.len / 2;
  body.ptr += half.len;
  body.len -= half.len;
  if (half.len > 0 && (status = reply->body(reply->ctx, half)) != HW_OK) return status;
  if (script->breaks_off) return hw_testing_refuse(self, HW_UNAVAILABLE, "the answer broke off from ", request->url);
  return body.len > 0 ? reply->body(reply->ctx, body) : HW_OK;
}

static inline hw_status hw_testing_read_secret(const hw_call* call, hw_str name, const hw_sink* out) {
  hw_testing* const self = hw_testing_of(call->host);
  const char* const text = hw_testing_granted(self, name);
  if (text) return out->write(out->ctx, hw_testing_str(text));
  return hw_testing_refuse(self, HW_NOT_FOUND, "its configuration grants no secret named ", name);
}

static inline uint32_t hw_testing_define(const hw_host* host, int32_t type, hw_str name, hw_str help) {
  hw_testing* const self = hw_testing_of(host);
  hw_testing_entry* const entry = hw_testing_find(self->metrics, &self->metric_count, name);
  (void)help;
  if (type < HW_COUNTER || type > HW_HISTOGRAM) return 0;
  free(entry->text);
  entry->text = hw_testing_copy(hw_testing_str(type == HW_COUNTER ? "counter" : "value"));
  return (uint32_t)(entry - self->metrics) + 1;
}

static inline void hw_testing_record(const hw_host* host, uint32_t id, double value) {
  hw_testing* const self = hw_testing_of(host);
  if (id == 0 || id > self->metric_count) return;
  if (strcmp(self->metrics[id - 1].text, "counter") == 0) value += self->metrics[id - 1].number;
  self->metrics[id - 1].number = value;
}

static inline const hw_credential* hw_testing_pull(const hw_call* call) {
  hw_testing* const self = hw_testing_of(call->host);
  if (!self->username) return NULL;
  self->credential.struct_size = sizeof self->credential;
  self->credential.identity = hw_testing_str("identity-of-the-test");
  self->credential.username = hw_testing_str(self->username);
  self->credential.password = hw_testing_str(self->password);
  return &self->credential;
}

/* As in the operator: what the plugin does not list in `needs` is not there. */
static inline const void* hw_testing_service(const hw_host* host, const char* id) {
  static const hw_http http = {sizeof(hw_http), 0, hw_testing_exchange};
  static const hw_secrets secrets = {sizeof(hw_secrets), 0, hw_testing_read_secret};
  static const hw_metrics metrics = {sizeof(hw_metrics), 0, hw_testing_define, hw_testing_record};
  static const hw_pull pull = {sizeof(hw_pull), 0, hw_testing_pull};
  const hw_plugin* const plugin = hw_testing_of(host)->plugin;
  const char* const* need = plugin ? plugin->needs : NULL;
  while (need && *need && strcmp(*need, id) != 0) ++need;
  if (!need || !*need) return NULL;
  if (strcmp(id, HW_SERVICE_HTTP) == 0) return &http;
  if (strcmp(id, HW_SERVICE_SECRETS) == 0) return &secrets;
  if (strcmp(id, HW_SERVICE_METRICS) == 0) return &metrics;
  if (strcmp(id, HW_SERVICE_PULL) == 0 && plugin->kind == HW_KIND_REGISTRY) return &pull;
  return NULL;
}

static inline void hw_testing_fill_host(hw_testing* self) {
  self->host.struct_size = sizeof self->host;
  self->host.abi_minor = HW_ABI_MINOR;
  self->host.ctx = self;
  self->host.version = hw_testing_str("headwind/test");
  self->host.log_enabled = hw_testing_log_enabled;
  self->host.log = hw_testing_log;
  self->host.unix_ms = hw_testing_unix_ms;
  self->host.mono_ms = hw_testing_mono_ms;
  self->host.cancelled = hw_testing_cancelled;
  self->host.fail = hw_testing_fail;
  self->host.service = hw_testing_service;
}

static inline void hw_testing_forget(hw_testing* self) {
  size_t i;
  for (i = 0; i < self->request_count; ++i) {
    free(self->requests[i].method), free(self->requests[i].url), free(self->requests[i].headers);
    free(self->requests[i].body), free(self->requests[i].credential);
  }
  for (i = 0; i < self->reply_count; ++i) free(self->replies[i].headers), free(self->replies[i].body);
  for (i = 0; i < self->secret_count; ++i) free(self->secrets[i].name), free(self->secrets[i].text);
  for (i = 0; i < self->metric_count; ++i) free(self->metrics[i].name), free(self->metrics[i].text);
  free(self->failure.message), free(self->out), free(self->logs);
  memset(self, 0, sizeof *self);
}

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
