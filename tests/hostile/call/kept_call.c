/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the call and the sink of its first call and uses them in the second, and from a thread of its own. */
#include <pthread.h>
#include "call/flawed.h"
static const hw_call* kept_call;
static const hw_sink* kept_sink;
static const hw_verdict_sink* kept_verdicts;
static hw_status refused(void) {
  if (kept_call->host->cancelled(kept_call) == 0) return HW_CONFLICT;
  if (fail(kept_call, HW_DENIED, 0, 0, "too late") != HW_INTERNAL) return HW_DENIED;
  if (kept_sink->write(kept_sink->ctx, text("too late")) != HW_INVALID) return HW_THROTTLED;
  if (kept_verdicts->put(kept_verdicts->ctx, 0, HW_UPDATE, text("too late")) != HW_INVALID) return HW_UNSUPPORTED;
  return HW_OK;
}
static void* use(void* status) {
  *(hw_status*)status = refused();
  return NULL;
}
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  hw_status elsewhere = HW_INTERNAL;
  pthread_t thread;
  (void)self, (void)query, (void)candidates;
  out->verdict = HW_HOLD;
  verdicts->put(verdicts->ctx, 0, HW_HOLD, text("in time"));
  if (kept_call == NULL) {
    kept_call = call, kept_sink = why, kept_verdicts = verdicts;
    return HW_OK;
  }
  if (refused() != HW_OK) return refused();
  if (pthread_create(&thread, NULL, use, &elsewhere) == 0) pthread_join(thread, NULL);
  return elsewhere;
}
FLAWED_POLICY("test.hostile.kept-call", NULL)
