/* SPDX-License-Identifier: Apache-2.0 */
/* Built from the headers of a next minor, in which each struct ends with from_the_future: says which of those that it
 * is lent have one, in this host. */
#include <stdio.h>

#include "module.h"

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  char sentence[200];
  (void)self;
  snprintf(sentence, sizeof sentence, "minor %u, younger:%s%s%s%s%s%s", (unsigned)call->host->abi_minor,
           HW_HAS(hw_host, call->host, from_the_future) ? " host" : "",
           HW_HAS(hw_call, call, from_the_future) ? " call" : "",
           HW_HAS(hw_policy_query, query, from_the_future) ? " query" : "",
           HW_HAS(hw_tags, candidates, from_the_future) ? " tags" : "",
           HW_HAS(hw_choice, out, from_the_future) ? " choice" : "",
           verdicts != NULL && HW_HAS(hw_verdict_sink, verdicts, from_the_future) ? " verdicts" : "");
  out->verdict = HW_HOLD;
  return why->write(why->ctx, text(sentence));
}

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
STATIC_PLUGIN(plugin, HW_KIND_POLICY, "test.policy.younger", "", NULL, &api)
STATIC_MODULE(plugin)
