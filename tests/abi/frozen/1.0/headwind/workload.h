/* SPDX-License-Identifier: Apache-2.0 */
/* A workload plugin: where a kind of Kubernetes object keeps its images. It computes on JSON and does no I/O: the host
 * lists, watches and patches. A value may be replaced where the plugin names it by a JSON pointer; the host's patch
 * tests the old value, and the guard beside it, so an object that changed meanwhile is not damaged. */
#ifndef HEADWIND_WORKLOAD_H
#define HEADWIND_WORKLOAD_H
#include <headwind/plugin.h>

#if defined(__cplusplus)
extern "C" {
#endif

enum {
  HW_IMAGE_VERSION_ONLY = 1u << 0 /* `pointer` leads to a bare tag or chart version; else to the whole reference */
};
typedef struct hw_image { /* one place of an object that can be updated */
  uint32_t struct_size;
  uint32_t flags;       /* HW_IMAGE_* */
  hw_str slot;          /* a name within the object that does not change: "containers/web" */
  hw_str reference;     /* "ghcr.io/acme/web:1.2.3" or "oci://ghcr.io/charts/web:1.2.3" */
  hw_str pointer;       /* RFC 6901: where the value is that the host may replace */
  hw_str guard_pointer; /* and where a value is that proves the slot is still this one: ".../containers/0/name" ... */
  hw_str guard_value;   /* ... and that value: "web". Both may be empty */
  hw_str object;        /* empty: this object; else another: "group/version/plural/namespace/name" */
} hw_image;

typedef struct hw_image_sink {
  uint32_t struct_size;
  uint32_t reserved0;
  void* ctx;
  hw_status (*put)(void* ctx, const hw_image* image);
} hw_image_sink;

enum {
  HW_ROLLOUT_RUNNING = 0, /* on its way: its time counts */
  HW_ROLLOUT_DONE = 1,    /* everything that is to run, runs and is available */
  HW_ROLLOUT_FAILED = 2,  /* it cannot succeed as it is: `reason` says which pod, which container, and why */
  HW_ROLLOUT_HELD = 3     /* nothing happens until somebody acts (paused, scaled to zero, OnDelete): proves nothing */
};
typedef struct hw_rollout { /* the host allocates it and writes struct_size; the plugin fills in what fits */
  uint32_t struct_size;
  int32_t state;         /* HW_ROLLOUT_* */
  int32_t ready, wanted; /* replicas, to be shown to people */
} hw_rollout;

typedef struct hw_target { /* the kind of object that an instance serves */
  uint32_t struct_size;
  uint32_t reserved0;
  hw_str group, plural, kind;    /* "apps", "deployments", "Deployment" */
  const char* const* versions;   /* in order of preference: the host takes the first that is served. NULL ends */
  const char* const* related;    /* kinds whose objects images() also needs to see, such as
                                  * "source.toolkit.fluxcd.io/helmrepositories"; ended by NULL. NULL: none. rollout()
                                  * sees them after its companions */
  const char* const* companions; /* kinds whose objects, found by the object's selector, rollout() needs to see, such
                                  * as "apps/v1/replicasets" or "v1/pods"; ended by NULL. NULL: none */
} hw_target;

typedef struct hw_target_sink {
  uint32_t struct_size;
  uint32_t reserved0;
  void* ctx;
  hw_status (*put)(void* ctx, const hw_target* target);
} hw_target_sink;

typedef struct hw_workload_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [concurrent][quick] Exactly one target. Asked once, after create. */
  hw_status (*describe)(void* self, const hw_call* call, const hw_target_sink* out);
  /* [concurrent][quick] Every slot of the object (JSON). An object without any is fine. */
  hw_status (*images)(void* self, const hw_call* call, hw_str object, const hw_str* related, size_t related_count,
                      const hw_image_sink* out);
  /* [concurrent][quick] How far the rollout of the object's present state is; `reason` takes one sentence. */
  hw_status (*rollout)(void* self, const hw_call* call, hw_str object, const hw_str* companions, size_t companion_count,
                       hw_rollout* out, const hw_sink* reason);
} hw_workload_api;

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
