/* SPDX-License-Identifier: Apache-2.0 */
/* A policy's unit test in C:
 *
 *   hw_policy_query query = hw_testing_query("1.2.3");
 *   assert(strcmp(hw_testing_choose(&host, &query, "1.2.4 1.3.0 latest"), "1.2.4") == 0);
 *   assert(strstr(host.out, "latest ignored is not a version\n"));
 *
 * The output has a line for each candidate, and one for the choice, as `headwind policy test` prints them. */
#ifndef HEADWIND_TESTING_POLICY_H
#define HEADWIND_TESTING_POLICY_H
#include <headwind/policy.h>
#include <headwind/testing/host.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* The question of a workload that runs `tag`. What else it has is set with hw_testing_str. */
static inline hw_policy_query hw_testing_query(const char* tag) {
  hw_policy_query query;
  memset(&query, 0, sizeof query);
  query.struct_size = sizeof query;
  query.policy = hw_testing_str("plugin/test");
  query.repository = hw_testing_str("registry.example.com/team/web");
  query.tag = hw_testing_str(tag);
  query.slot = hw_testing_str("containers/web");
  query.workload = hw_testing_str("{\"kind\": \"Deployment\", \"namespace\": \"shop\", \"name\": \"web\"}");
  return query;
}

typedef struct hw_testing_choice {
  hw_testing* host;
  hw_str* names;
  char* judged; /* for each of them, whether it has a verdict */
  size_t count;
  char* why;
} hw_testing_choice;

static inline hw_status hw_testing_put_verdict(void* ctx, size_t row, int32_t verdict, hw_str reason) {
  static const char* const words[] = {" hold ", " update ", " ignored "};
  hw_testing_choice* const choice = (hw_testing_choice*)ctx;
  if (row >= choice->count) hw_testing_stop("a verdict was put for a row that is none");
  if (verdict < HW_HOLD || verdict > HW_IGNORED) hw_testing_stop("a verdict was put that is none");
  choice->judged[row] = 1;
  hw_testing_append(&choice->host->out, choice->names[row]);
  hw_testing_add(&choice->host->out, words[verdict], NULL);
  hw_testing_append(&choice->host->out, reason);
  hw_testing_add(&choice->host->out, "\n", NULL);
  return HW_OK;
}

static inline hw_status hw_testing_put_why(void* ctx, hw_str chunk) {
  hw_testing_append(&((hw_testing_choice*)ctx)->why, chunk);
  return HW_OK;
}

/* Asks which of the candidates, tags with a blank between them, is to run. Answers the tag, good
 * until it is asked again; NULL where all stays as it is, and where the call failed (see host->status). */
static inline const char* hw_testing_choose(hw_testing* host, const hw_policy_query* query, const char* candidates) {
  static char chosen[HW_MAX_NAME + 1];
  const hw_policy_api* const api = (const hw_policy_api*)hw_testing_api(host, HW_KIND_POLICY);
  const hw_call* const call = hw_testing_call(host);
  const size_t most = strlen(candidates) / 2 + 1;
  hw_testing_choice context;
  hw_policy_query copy = *query;
  hw_tags tags;
  hw_choice choice;
  hw_sink why;
  hw_verdict_sink verdicts;
  hw_str name;
  size_t row;
  context.host = host;
  context.count = 0;
  context.why = hw_testing_copy(hw_testing_str(""));
  context.names = (hw_str*)malloc(most * sizeof *context.names);
  context.judged = (char*)calloc(most, 1);
  if (!context.names || !context.judged) hw_testing_stop("out of memory");
  for (; *candidates; candidates += name.len) {
    candidates += strspn(candidates, " ");
    name.ptr = candidates;
    name.len = strcspn(candidates, " ");
    if (name.len > HW_MAX_NAME) hw_testing_stop("a candidate is longer than a tag can be");
    if (name.len > 0) context.names[context.count++] = hw_testing_lend(host, name);
  }
  copy.policy = hw_testing_lend(host, query->policy);
  copy.pattern = hw_testing_lend(host, query->pattern);
  copy.args = hw_testing_lend(host, query->args);
  copy.repository = hw_testing_lend(host, query->repository);
  copy.tag = hw_testing_lend(host, query->tag);
  copy.digest = hw_testing_lend(host, query->digest);
  copy.slot = hw_testing_lend(host, query->slot);
  copy.workload = hw_testing_lend(host, query->workload);
  memset(&tags, 0, sizeof tags);
  tags.struct_size = sizeof tags;
  tags.count = context.count;
  tags.names = context.names;
  choice.struct_size = sizeof choice;
  choice.verdict = HW_HOLD;
  choice.index = 0;
  why.ctx = verdicts.ctx = &context;
  why.write = hw_testing_put_why;
  verdicts.struct_size = sizeof verdicts;
  verdicts.reserved0 = 0;
  verdicts.put = hw_testing_put_verdict;

  host->status = api->choose(host->self, call, &copy, &tags, &choice, &why, &verdicts);
  if (host->status == HW_OK && choice.verdict != HW_HOLD && choice.verdict != HW_UPDATE)
    hw_testing_stop("choose() must answer HW_UPDATE or HW_HOLD");
  if (host->status == HW_OK && choice.verdict == HW_UPDATE && choice.index >= context.count)
    hw_testing_stop("choose() chose a row that is none");
  for (row = 0; host->status == HW_OK && row < context.count; ++row)
    if (!context.judged[row]) hw_testing_stop("choose() put no verdict for a candidate");
  row = host->status == HW_OK && choice.verdict == HW_UPDATE ? (size_t)choice.index : context.count;
  chosen[0] = '\0';
  if (row < context.count) {
    memcpy(chosen, context.names[row].ptr, context.names[row].len);
    chosen[context.names[row].len] = '\0';
  }
  if (host->status == HW_OK)
    hw_testing_add(&host->out, "choice: ", *chosen ? chosen : "none", " (", context.why, ")\n", NULL);
  free(context.names);
  free(context.judged);
  free(context.why);
  return hw_testing_return(host, host->status) == HW_OK && *chosen ? chosen : NULL;
}

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
