/* SPDX-License-Identifier: Apache-2.0 */
/* Holds, and says what it was told: the trace, what runs, and each candidate with its digest and times. */
#include <stdio.h>

#include "module.h"

static hw_status say(const hw_sink* why, const char* format, hw_str value, int64_t number) {
  char line[512];
  snprintf(line, sizeof line, format, (int)value.len, value.ptr == NULL ? "" : value.ptr, (long long)number);
  return why->write(why->ctx, text(line));
}

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  static const hw_str none = {NULL, 0};
  size_t i;
  (void)self;
  say(why, "trace %.*s", call->trace_id, 0);
  say(why, "; runs %.*s built %lld", query->tag, query->created_ms);
  for (i = 0; i < candidates->count; ++i) {
    say(why, "; %.*s", candidates->names[i], 0);
    say(why, " digest %.*s", candidates->digests == NULL ? none : candidates->digests[i], 0);
    say(why, " built %.*s%lld", none, candidates->created_ms == NULL ? -1 : candidates->created_ms[i]);
    say(why, " pushed %.*s%lld", none, candidates->pushed_ms == NULL ? -1 : candidates->pushed_ms[i]);
    if (verdicts != NULL) verdicts->put(verdicts->ctx, i, HW_HOLD, none);
  }
  out->verdict = HW_HOLD;
  return HW_OK;
}

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
STATIC_PLUGIN(plugin, HW_KIND_POLICY, "test.policy.seen", "", NULL, &api)
STATIC_MODULE(plugin)
