/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include "call/flawed.h"
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  const hw_host* host = call->host;
  const hw_metrics* metrics = host->service(host, HW_SERVICE_METRICS);
  char name[32];
  int i, refused = 0;
  (void)self, (void)call, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  for (i = 0; i < 1000000; ++i) {
    snprintf(name, sizeof name, "m%06d", i);
    refused += metrics->define(host, HW_COUNTER, text(name), text("Too many.")) == 0;
  }
  return refused == 1000000 - 64 ? HW_OK : HW_INTERNAL;
}
static const char* const needs[] = {HW_SERVICE_METRICS, NULL};
FLAWED_POLICY("test.hostile.million-metrics", needs)
