/* SPDX-License-Identifier: Apache-2.0 */
/* A notifier's unit test in C; testing/host.h shows a whole one. */
#ifndef HEADWIND_TESTING_NOTIFIER_H
#define HEADWIND_TESTING_NOTIFIER_H
#include <headwind/notifier.h>
#include <headwind/testing/host.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* An event. What else it has is set with hw_testing_str: event.details = hw_testing_str("{\"container\": \"web\"}"); */
static inline hw_event hw_testing_event(const char* type, const char* id, const char* text) {
  hw_event event;
  memset(&event, 0, sizeof event);
  event.struct_size = sizeof event;
  event.severity = HW_LOG_INFO;
  event.type = hw_testing_str(type);
  event.id = hw_testing_str(id);
  event.unix_ms = 1700000000000;
  event.subject = hw_testing_str("apps/Deployment shop/web");
  event.text = hw_testing_str(text);
  return event;
}

/* Sends one event. HW_OK: it was delivered. */
static inline hw_status hw_testing_send(hw_testing* host, const hw_event* event) {
  const hw_notifier_api* const api = (const hw_notifier_api*)hw_testing_api(host, HW_KIND_NOTIFIER);
  const hw_call* const call = hw_testing_call(host);
  hw_event copy = *event;
  const hw_event* lent;
  hw_str bytes;
  hw_status result = HW_CANCELLED, status;
  copy.type = hw_testing_lend(host, event->type);
  copy.id = hw_testing_lend(host, event->id);
  copy.subject = hw_testing_lend(host, event->subject);
  copy.old_reference = hw_testing_lend(host, event->old_reference);
  copy.new_reference = hw_testing_lend(host, event->new_reference);
  copy.text = hw_testing_lend(host, event->text);
  copy.link = hw_testing_lend(host, event->link);
  copy.details = hw_testing_lend(host, event->details);
  bytes.ptr = (const char*)&copy;
  bytes.len = sizeof copy;
  lent = (const hw_event*)(const void*)hw_testing_lend(host, bytes).ptr;
  status = hw_testing_return(host, api->send(host->self, call, &lent, 1, &result));
  if (status == HW_OK && result != HW_OK)
    hw_testing_stop("send() answered HW_OK, and left results[0] at another status");
  if (status != HW_OK && result == HW_OK) hw_testing_stop("send() delivered the event, and did not answer HW_OK");
  return status;
}

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
