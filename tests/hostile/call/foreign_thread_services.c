/* SPDX-License-Identifier: Apache-2.0 */
/* Logs, measures and fails from a thread of its own, during a call: that is allowed. */
#include <pthread.h>
#include "call/flawed.h"
static void* work(void* context) {
  const hw_call* call = context;
  const hw_host* host = call->host;
  const hw_metrics* metrics = host->service(host, HW_SERVICE_METRICS);
  host->log(host, HW_LOG_DEBUG, text("from elsewhere"), NULL, 0);
  metrics->record(host, metrics->define(host, HW_COUNTER, text("elsewhere_total"), text("From elsewhere.")), 1);
  if (host->cancelled(call) == 0) fail(call, HW_DENIED, 0, 0, "said by another thread");
  return NULL;
}
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  pthread_t thread;
  (void)self, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  if (pthread_create(&thread, NULL, work, (void*)(uintptr_t)call) != 0) return HW_UNAVAILABLE;
  pthread_join(thread, NULL);
  return HW_DENIED;
}
static const char* const needs[] = {HW_SERVICE_METRICS, NULL};
FLAWED_POLICY("test.hostile.foreign-thread-services", needs)
