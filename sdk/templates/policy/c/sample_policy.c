/* SPDX-License-Identifier: Apache-2.0 */
/* For tags that are a word and a number, such as build-142: the highest number of those with the running tag's word. */
#include <headwind/policy.h>
#include <string.h>

#define TEXT(literal) ((hw_str){literal, sizeof(literal) - 1})

typedef struct {
  hw_str word, number; /* the number is the digits that the tag ends with, without zeros in front */
  int has_number;
} parts;

static parts read_tag(hw_str tag) {
  parts found = {tag, {NULL, 0}, 0};
  size_t begin = tag.len;
  while (begin > 0 && tag.ptr[begin - 1] >= '0' && tag.ptr[begin - 1] <= '9') --begin;
  found.word.len = begin;
  found.has_number = begin < tag.len;
  while (begin < tag.len && tag.ptr[begin] == '0') ++begin;
  found.number.ptr = tag.ptr + begin;
  found.number.len = tag.len - begin;
  return found;
}

static int compare_numbers(hw_str left, hw_str right) { /* of any length: nothing overflows */
  if (left.len != right.len) return left.len < right.len ? -1 : 1;
  return left.len == 0 ? 0 : memcmp(left.ptr, right.ptr, left.len);
}

static int32_t judge(parts running, parts tag, hw_str* reason) {
  if (!running.has_number || !tag.has_number || tag.word.len != running.word.len ||
      (tag.word.len > 0 && memcmp(tag.word.ptr, running.word.ptr, tag.word.len) != 0)) {
    *reason = TEXT("is not of the running tag's form");
    return HW_IGNORED;
  }
  if (compare_numbers(tag.number, running.number) <= 0) {
    *reason = TEXT("has no higher number than the running tag");
    return HW_HOLD;
  }
  *reason = TEXT("has a higher number");
  return HW_UPDATE;
}

/* Judges all candidates in one call, and only computes: no files, no network. Several threads may be in here at once.
 * Every candidate gets a verdict with its reason, which people see when they ask why nothing happened; `why` and
 * `verdicts` are NULL when nobody will read them. */
static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                        hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  const parts running = read_tag(query->tag);
  parts best = running;
  size_t row;
  (void)self, (void)call;
  out->verdict = HW_HOLD;
  for (row = 0; row < candidates->count; ++row) {
    const parts tag = read_tag(candidates->names[row]);
    hw_str reason;
    const int32_t verdict = judge(running, tag, &reason);
    if (verdict == HW_UPDATE && compare_numbers(tag.number, best.number) > 0) {
      out->verdict = HW_UPDATE;
      out->index = row;
      best = tag;
    }
    if (verdicts) {
      const hw_status status = verdicts->put(verdicts->ctx, row, verdict, reason);
      if (status != HW_OK) return status; /* the host wants no more */
    }
  }
  if (!why) return HW_OK;
  return why->write(why->ctx,
                    out->verdict == HW_UPDATE ? TEXT("it has the highest number") : TEXT("no tag has a higher number"));
}

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  (void)call, (void)plugin, (void)config;
  *self = NULL; /* it keeps nothing */
  return HW_OK;
}

static void destroy(void* self) { (void)self; }

static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
static const hw_plugin plugin = {
    sizeof(hw_plugin),
    HW_KIND_POLICY,
    0,
    0,
    HW_LITERAL("com.example.policy.sample"),
    HW_LITERAL("0.1.0"),
    HW_LITERAL("The highest number of a word and a number"),
    HW_LITERAL("{\"type\": \"object\", \"additionalProperties\": false}"),
    NULL,
    &api,
    create,
    destroy,
    NULL,
};
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, HW_LITERAL("sample-policy"), plugins};

const hw_module* hw_entry_v1(void) { return &module; }
