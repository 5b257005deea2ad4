/* SPDX-License-Identifier: Apache-2.0 */
/* A notifier plugin: tells people or machines what the operator did. */
#ifndef HEADWIND_NOTIFIER_H
#define HEADWIND_NOTIFIER_H
#include <headwind/plugin.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* Types: update_detected, update_request_created, update_approved, update_rejected, update_completed, update_failed,
 * rollout_completed, rollback_triggered, rollback_completed, rollback_failed. More may come: tell them by text. */
typedef struct hw_event {
  uint32_t struct_size;
  int32_t severity;                    /* HW_LOG_* */
  hw_str type;                         /* "update_request_created", ...: see above */
  hw_str id;                           /* the same id is the same event */
  int64_t unix_ms;                     /* when it happened */
  hw_str subject;                      /* "apps/Deployment shop/web" */
  hw_str old_reference, new_reference; /* images; either may be empty */
  hw_str text, link;                   /* a plain sentence; the URL of a page about it, or empty */
  hw_str details;                      /* all of it, as a JSON object: what the generic webhook posts */
} hw_event;

typedef struct hw_notifier_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [serial][blocking] Delivers events, the oldest first. results[i] says what became of events[i]; the host presets
   * HW_CANCELLED. An event without HW_OK is sent again later, except after HW_INVALID, which means it never can be
   * delivered. After a crash events may come twice: let the receiver drop repeats by their id.
   * The function itself answers HW_OK when every event was delivered, else the status that host->fail() was given for
   * the first that was not; `results` counts in either case. */
  hw_status (*send)(void* self, const hw_call* call, const hw_event* const* events, size_t event_count,
                    hw_status* results);
} hw_notifier_api;

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
