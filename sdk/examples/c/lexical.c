/* SPDX-License-Identifier: Apache-2.0 */
/* A whole policy in C99: among the tags that are as long as the running one and begin with the same letters, the last
 * in byte order. That suits tags such as "build-20240102" or "2024-01-02T03". */
#include <headwind/policy.h>
#include <string.h>

#define TEXT(literal) ((hw_str){literal, sizeof(literal) - 1})

static int letters(hw_str tag) { /* how many characters come before the first digit */
  int count = 0;
  while ((size_t)count < tag.len && (tag.ptr[count] < '0' || tag.ptr[count] > '9')) ++count;
  return count;
}

static int32_t judge(hw_str running, hw_str tag, hw_str* reason) {
  const int prefix = letters(running);
  if (tag.len != running.len || letters(tag) != prefix || memcmp(tag.ptr, running.ptr, (size_t)prefix) != 0) {
    *reason = TEXT("has another form than the running tag");
    return HW_IGNORED;
  }
  if (memcmp(tag.ptr, running.ptr, tag.len) <= 0) {
    *reason = TEXT("does not come after the running tag");
    return HW_HOLD;
  }
  *reason = TEXT("comes after the running tag");
  return HW_UPDATE;
}

static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  size_t row, best = candidates->count;
  (void)self;
  if (query->tag.len == 0) {
    hw_error error = {sizeof error, HW_INVALID, 0, 0, 0, {NULL, 0}};
    error.message = TEXT("the image has no tag, so there is nothing to compare with; give it one");
    return call->host->fail(call, &error);
  }
  for (row = 0; row < candidates->count; ++row) {
    const hw_str tag = candidates->names[row];
    hw_str reason;
    const int32_t verdict = judge(query->tag, tag, &reason);
    if (verdict == HW_UPDATE &&
        (best == candidates->count || memcmp(tag.ptr, candidates->names[best].ptr, tag.len) > 0)) {
      best = row;
    }
    if (verdicts) {
      const hw_status status = verdicts->put(verdicts->ctx, row, verdict, reason);
      if (status != HW_OK) return status;
    }
  }
  out->verdict = best == candidates->count ? HW_HOLD : HW_UPDATE;
  out->index = best == candidates->count ? 0 : best;
  if (!why) return HW_OK;
  return why->write(why->ctx, out->verdict == HW_UPDATE ? TEXT("the last tag of its form") : TEXT("no later tag"));
}

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  (void)call, (void)plugin, (void)config;
  *self = NULL; /* no state */
  return HW_OK;
}

static void destroy(void* self) { (void)self; }

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
static const hw_plugin lexical = {
    sizeof(hw_plugin),
    HW_KIND_POLICY,
    0,
    0,
    HW_LITERAL("com.example.lexical"),
    HW_LITERAL("1.0.0"),
    HW_LITERAL("Picks the last tag of the same form in byte order"),
    HW_LITERAL("{\"type\": \"object\", \"additionalProperties\": false}"),
    NULL,
    &api,
    create,
    destroy,
    NULL,
};
static const hw_plugin* const plugins[] = {&lexical};
static const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, HW_LITERAL("example in C"), plugins};

const hw_module* hw_entry_v1(void) { return &module; }
