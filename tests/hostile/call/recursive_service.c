/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a secret from within the answer to reading it, and so on. */
#include "call/flawed.h"
static const hw_call* current;
static int depth;
static hw_status again(void* ctx, hw_str chunk) {
  const hw_host* host = current->host;
  const hw_secrets* secrets = host->service(host, HW_SERVICE_SECRETS);
  const hw_sink sink = {ctx, again};
  (void)chunk;
  ++depth;
  return secrets->read(current, text("token"), &sink);
}
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  (void)self, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  current = call;
  depth = 0;
  return again(NULL, text(""));
}
static const char* const needs[] = {HW_SERVICE_SECRETS, NULL};
FLAWED_POLICY("test.hostile.recursive-service", needs)
