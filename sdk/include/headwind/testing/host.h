/* SPDX-License-Identifier: Apache-2.0 */
/* A host for unit tests in C99: clocks that stand still, scripted HTTP, given secrets, recorded logs and failures. The
 * test links the plugin's own sources, and calls it through its table as the operator does. Nothing of this crosses the
 * boundary: it is no part of the ABI. A whole test of a notifier:
 *
 *   #include <headwind/testing/notifier.h>
 *   #include <assert.h>
 *
 *   int main(void) {
 *     hw_testing host;
 *     hw_testing_begin(&host);
 *     hw_testing_secret(&host, "token", "t0p");
 *     hw_testing_answer(&host, 503, "retry-after: 7", "");
 *     assert(hw_testing_create(&host, "{\"url\": \"https://pager.example.com\"}") == HW_OK);
 *     const hw_event event = hw_testing_event("update_failed", "id-1", "web could not be updated");
 *     assert(hw_testing_send(&host, &event) == HW_UNAVAILABLE);
 *     assert(host.failure.retry_after_ms == 7000 && strstr(host.failure.message, "t0p") == NULL);
 *     hw_testing_end(&host);
 *   }
 *
 * What a test sets and reads is in state.h; notifier.h, policy.h, registry.h and workload.h have a function for each of
 * their kind's. A hw_testing is one instance, for one thread. What is lent to the plugin is freed when it returns, so
 * that AddressSanitizer sees a plugin that keeps a pointer; a plugin that breaks a rule of its table ends the test with
 * a sentence. */
#ifndef HEADWIND_TESTING_HOST_H
#define HEADWIND_TESTING_HOST_H
#include <headwind/testing/services.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* ---- What the test arranges ---- */

static inline void hw_testing_begin(hw_testing* host) {
  memset(host, 0, sizeof *host);
  host->unix_ms = 1700000000000;
  host->mono_ms = 1000;
  host->deadline_ms = 31000;
  host->out = hw_testing_copy(hw_testing_str(""));
  host->logs = hw_testing_copy(hw_testing_str(""));
  host->failure.message = hw_testing_copy(hw_testing_str(""));
  hw_testing_fill_host(host);
}

/* Grants the secret `name`. Given again, it has been rotated. */
static inline void hw_testing_secret(hw_testing* host, const char* name, const char* text) {
  hw_testing_entry* const entry = hw_testing_find(host->secrets, &host->secret_count, hw_testing_str(name));
  free(entry->text);
  entry->text = hw_testing_copy(hw_testing_str(text));
}

/* The answer to the next HTTP request for which none is scripted yet. `headers` are lines of "name: value", or NULL. A
 * request without a scripted answer gets none: HW_UNAVAILABLE. */
static inline void hw_testing_answer(hw_testing* host, int32_t status, const char* headers, const char* body) {
  hw_testing_reply* reply;
  char* at;
  int name = 1;
  if (host->reply_count == HW_TESTING_MOST) hw_testing_stop("too many answers are scripted");
  reply = &host->replies[host->reply_count++];
  reply->status = status;
  reply->headers = hw_testing_copy(hw_testing_str(headers));
  for (at = reply->headers; *at; ++at) { /* names in lower case, as the operator gives them */
    name = *at == '\n' || (name && *at != ':');
    if (name && *at >= 'A' && *at <= 'Z') *at = (char)(*at - 'A' + 'a');
  }
  reply->body = hw_testing_copy(hw_testing_str(body));
}

/* The next HTTP request gets no answer, for the reason `failure`: HW_UNAVAILABLE, HW_CANCELLED ... */
static inline void hw_testing_no_answer(hw_testing* host, hw_status failure) {
  hw_testing_answer(host, 0, NULL, NULL);
  host->replies[host->reply_count - 1].failure = failure;
}

/* The answer that was scripted last breaks off after the first half of its body: HW_UNAVAILABLE. */
static inline void hw_testing_break_off(hw_testing* host) {
  if (host->reply_count == 0) hw_testing_stop("no answer is scripted that could break off");
  host->replies[host->reply_count - 1].breaks_off = 1;
}

/* Lets time pass, on both clocks. */
static inline void hw_testing_wait(hw_testing* host, int64_t milliseconds) {
  host->unix_ms += milliseconds;
  host->mono_ms += milliseconds;
  host->deadline_ms += milliseconds;
}

/* The last value, or the sum of a counter; 0 where the plugin has no such metric. */
static inline double hw_testing_metric(const hw_testing* host, const char* name) {
  size_t i;
  for (i = 0; i < host->metric_count; ++i) {
    if (strcmp(host->metrics[i].name, name) == 0) return host->metrics[i].number;
  }
  return 0;
}

/* ---- Calls. The headers of the kinds make them; these are for what they lack. ---- */

/* Begins a call: what the last one left is gone. Good until hw_testing_return. */
static inline const hw_call* hw_testing_call(hw_testing* host) {
  host->call = (hw_call*)calloc(1, sizeof *host->call);
  if (!host->call) hw_testing_stop("out of memory");
  host->call->struct_size = sizeof *host->call;
  host->call->flags = host->dry_run ? HW_CALL_DRY_RUN : 0;
  host->call->host = &host->host;
  host->call->ctx = host;
  host->call->deadline_ms = host->deadline_ms;
  host->failure_count = 0;
  hw_testing_note(host, HW_OK, 0, 0, hw_testing_str(""));
  host->out[0] = '\0';
  return host->call;
}

/* A copy of `text` that is the plugin's until it returns, and not a byte longer. */
static inline hw_str hw_testing_lend(hw_testing* host, hw_str text) {
  hw_testing_loan* loan;
  if (text.len == 0) return hw_testing_str(NULL);
  loan = (hw_testing_loan*)malloc(sizeof *loan + text.len);
  if (!loan) hw_testing_stop("out of memory");
  loan->next = host->loans;
  host->loans = loan;
  memcpy(loan + 1, text.ptr, text.len);
  text.ptr = (const char*)(loan + 1);
  return text;
}

/* Ends a call: takes back what was lent, and remembers and answers the status. */
static inline hw_status hw_testing_return(hw_testing* host, hw_status status) {
  while (host->loans) {
    hw_testing_loan* const loan = host->loans;
    host->loans = loan->next;
    free(loan);
  }
  free(host->call);
  host->call = NULL;
  if (status != HW_OK && host->failure.code == HW_OK)
    hw_testing_note(host, status, 0, 0, hw_testing_str("the plugin gave no reason"));
  return host->status = status;
}

/* Makes an instance of a plugin. `settings` is a JSON object as the operator would hand it over: checked against the
 * schema, its defaults filled in. */
static inline hw_status hw_testing_create_plugin(hw_testing* host, const hw_plugin* plugin, const char* settings) {
  const hw_call* call;
  if (host->self || host->plugin) hw_testing_stop("a hw_testing has one instance: end it first");
  host->plugin = plugin;
  call = hw_testing_call(host);
  if (hw_testing_return(
          host, plugin->create(call, plugin, hw_testing_lend(host, hw_testing_str(settings)), &host->self)) != HW_OK)
    host->plugin = NULL;
  return host->status;
}

/* The same of the first plugin of the module that the test is linked with. */
static inline hw_status hw_testing_create(hw_testing* host, const char* settings) {
  return hw_testing_create_plugin(host, hw_entry_v1()->plugins[0], settings);
}

/* The table of the instance, which must be of this kind. */
static inline const void* hw_testing_api(const hw_testing* host, int32_t kind) {
  if (!host->plugin) hw_testing_stop("there is no instance: hw_testing_create must have answered HW_OK");
  if (host->plugin->kind != kind) hw_testing_stop("the plugin is of another kind");
  return host->plugin->api;
}

/* Destroys the instance, where there is one, and forgets everything. */
static inline void hw_testing_end(hw_testing* host) {
  if (host->plugin) host->plugin->destroy(host->self);
  hw_testing_forget(host);
}

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
