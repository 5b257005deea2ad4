/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that destroy does not join: it goes on to use the host for a second, or two. */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <unistd.h>
#include "call/flawed.h"
static void* haunt(void* context) {
  const hw_host* host = context;
  const hw_metrics* metrics = host->service(host, HW_SERVICE_METRICS);
  int i;
  for (i = 0; i < 2000; ++i, usleep(500)) {
    host->log(host, HW_LOG_DEBUG, text("still here"), NULL, 0);
    host->service(host, HW_SERVICE_METRICS);
    if (metrics != NULL) metrics->record(host, metrics->define(host, HW_COUNTER, text("ghosts"), text("Ghosts.")), 1);
  }
  return NULL;
}
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  pthread_t thread;
  (void)self, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  if (pthread_create(&thread, NULL, haunt, (void*)(uintptr_t)call->host) == 0) pthread_detach(thread);
  return HW_OK;
}
static const char* const needs[] = {HW_SERVICE_METRICS, NULL};
FLAWED_POLICY("test.hostile.services-after-destroy", needs)
