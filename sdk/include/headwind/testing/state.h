/* SPDX-License-Identifier: Apache-2.0 */
/* What a unit test sets and reads of its host; testing/host.h says how it is used. */
#ifndef HEADWIND_TESTING_STATE_H
#define HEADWIND_TESTING_STATE_H
#include <headwind/plugin.h>
#include <headwind/testing/text.h>

#if defined(__cplusplus)
extern "C" {
#endif

enum { HW_TESTING_MOST = 64, HW_TESTING_HEADERS = 32 }; /* of each thing that is scripted or recorded; of headers */

typedef struct hw_testing_failure { /* why the last call failed; code is HW_OK where it did not say */
  hw_status code;
  int32_t retryable;
  int64_t retry_after_ms;
  char* message;
} hw_testing_failure;

typedef struct hw_testing_request {                 /* what the plugin asked of an HTTP server */
  char *method, *url, *headers, *body, *credential; /* headers: a line of "name: value" each */
} hw_testing_request;

typedef struct hw_testing_reply { /* what it is going to be answered */
  int32_t status;
  hw_status failure;  /* not HW_OK: there is no answer, for this reason */
  int32_t breaks_off; /* 1: after the first half of its body */
  int32_t reserved0;
  char *headers, *body;
} hw_testing_reply;

typedef struct hw_testing_entry {
  char* name;
  char* text;
  double number;
} hw_testing_entry;

typedef struct hw_testing_loan {
  struct hw_testing_loan* next;
} hw_testing_loan;

typedef struct hw_testing {
  /* For the test to set; the next call counts. */
  int64_t unix_ms, mono_ms;        /* stand still until they are moved */
  int64_t deadline_ms;             /* of the steady clock, mono_ms */
  int32_t cancelled, dry_run;      /* 1: yes */
  const char *username, *password; /* the pull credential of the call; NULL: none */

  /* For the test to read. */
  hw_status status;           /* of the last call */
  uint32_t failure_count;     /* how often it called fail(): once at most */
  hw_testing_failure failure; /* of the last call */
  char* out;                  /* what the last call put out, a line each; the kind's header tells of what */
  char* logs;                 /* since the beginning, a line each: "warn no answer peer=example.com attempt=3" */
  size_t request_count;
  hw_testing_request requests[HW_TESTING_MOST];

  /* Its own. */
  const hw_plugin* plugin;
  void* self;
  hw_call* call;
  hw_testing_loan* loans;
  size_t secret_count, metric_count, reply_count, next_reply;
  hw_testing_entry secrets[HW_TESTING_MOST], metrics[HW_TESTING_MOST];
  hw_testing_reply replies[HW_TESTING_MOST];
  hw_credential credential;
  hw_host host;
} hw_testing;

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
