/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the last candidate. As policy "settings" it explains with the settings that it was given. */
#include "module.h"

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  size_t i;
  if (is(query->policy, "nonsense")) return fail(call, HW_INVALID, 0, 0, "there is no policy \"nonsense\"");
  out->verdict = candidates->count == 0 ? HW_HOLD : HW_UPDATE;
  out->index = candidates->count == 0 ? 0 : candidates->count - 1;
  if (verdicts != NULL) {
    for (i = 0; i < candidates->count; ++i)
      verdicts->put(verdicts->ctx, i, i == out->index ? HW_UPDATE : HW_HOLD, text("by position"));
  }
  why->write(why->ctx, text("the last "));
  return why->write(why->ctx, is(query->policy, "settings") ? text(((const instance*)self)->config) : text("one"));
}

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
STATIC_PLUGIN(plugin, HW_KIND_POLICY, "test.policy.good",
              "{\"type\":\"object\",\"properties\":{\"order\":{\"enum\":[\"first\",\"last\"],\"default\":\"last\"}}}",
              NULL, &api)
STATIC_MODULE(plugin)
