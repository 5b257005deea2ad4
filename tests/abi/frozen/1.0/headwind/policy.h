/* SPDX-License-Identifier: Apache-2.0 */
/* A policy plugin: which of the available tags should replace the one that runs. */
#ifndef HEADWIND_POLICY_H
#define HEADWIND_POLICY_H
#include <headwind/plugin.h>

#if defined(__cplusplus)
extern "C" {
#endif

enum { HW_POLICY_PUSHED = 1u << 0 /* a push named these candidates; only then may a policy go to an older one */ };
typedef struct hw_policy_query {
  uint32_t struct_size;
  uint32_t flags;     /* HW_POLICY_* */
  hw_str policy;      /* annotation headwind.sh/policy: "minor", "python/canary" */
  hw_str pattern;     /* annotation headwind.sh/pattern; or empty */
  hw_str args;        /* annotation headwind.sh/policy-config, JSON; or empty */
  hw_str repository;  /* with its host */
  hw_str tag, digest; /* what runs now; either may be empty */
  int64_t created_ms; /* of what runs now; 0: not known */
  hw_str slot;        /* "containers/web" */
  hw_str workload;    /* JSON: kind, namespace, name, labels, annotations */
} hw_policy_query;

enum {
  HW_HOLD = 0,   /* comparable, but not newer, or not allowed by the policy */
  HW_UPDATE = 1, /* acceptable; the choice is the best of these */
  HW_IGNORED = 2 /* not comparable: another shape, a prerelease, a signature's tag */
};
typedef struct hw_choice { /* the host allocates it and writes struct_size; the plugin fills in what fits */
  uint32_t struct_size;
  int32_t verdict; /* HW_UPDATE, or HW_HOLD when everything stays as it is */
  uint64_t index;  /* with HW_UPDATE: the row of `candidates` that is to run */
} hw_choice;

typedef struct hw_verdict_sink {
  uint32_t struct_size;
  uint32_t reserved0;
  void* ctx;
  hw_status (*put)(void* ctx, size_t row, int32_t verdict, hw_str reason);
} hw_verdict_sink;

typedef struct hw_policy_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [concurrent][quick] Judges all candidates in one call, so that 10,000 tags cross the boundary once. `why` takes
   * one sentence about the choice, `verdicts` one row for each candidate; either is NULL when nobody will read it.
   * HW_INVALID: the workload's annotations make no sense; the message names the annotation and the remedy. */
  hw_status (*choose)(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                      hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts);
} hw_policy_api;

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
