/* SPDX-License-Identifier: Apache-2.0 */
/* A registry plugin: what tags a repository has, what a tag stands for, and what a registry's webhook says.
 * A repository is always written with its host: "docker.io/library/nginx", "registry.example.com:5000/team/web". */
#ifndef HEADWIND_REGISTRY_H
#define HEADWIND_REGISTRY_H
#include <headwind/plugin.h>

#if defined(__cplusplus)
extern "C" {
#endif

typedef struct hw_artifact {
  uint32_t struct_size;
  uint32_t reserved0;
  hw_str digest, media_type;
  int64_t created_ms; /* Unix time; 0: not known */
  hw_str labels;      /* JSON object of the OCI annotations or image labels; or empty */
} hw_artifact;

enum { HW_PUSH_DELETED = 1u << 0 /* the tag is gone, rather than new */ };
typedef struct hw_push { /* one piece of news about a repository */
  uint32_t struct_size;
  uint32_t flags;     /* HW_PUSH_* */
  hw_str repository;  /* with its host; a chart's over HTTP: its repository's URL and the chart's name */
  hw_str tag, digest; /* either may be empty, not both */
  hw_str media_type;  /* of the artifact or of its config, where told: this is how a chart is recognised */
  hw_str event_id;    /* the sender's own id, so that repeats can be dropped; or empty */
  int64_t pushed_ms;  /* 0: not told */
} hw_push;

/* Where a registry plugin puts its results. As with hw_sink, an answer other than HW_OK ends the work. */
typedef struct hw_registry_sink {
  uint32_t struct_size;
  uint32_t reserved0;
  void* ctx;
  hw_status (*tags)(void* ctx, const hw_tags* page);
  hw_status (*artifact)(void* ctx, const hw_artifact* artifact);
  hw_status (*push)(void* ctx, const hw_push* push);
  hw_status (*platform)(void* ctx, hw_str platform); /* "linux/amd64", "linux/arm64/v8" */
} hw_registry_sink;

typedef struct hw_registry_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [concurrent][blocking] All tags, page by page as they come in, in any order: out->tags. */
  hw_status (*list_tags)(void* self, const hw_call* call, hw_str repository, const hw_registry_sink* out);
  /* [concurrent][blocking] One out->artifact, or HW_NOT_FOUND. platform is "linux/arm64/v8" or the like; empty asks
   * for what the tag itself names, be it an index or a manifest. */
  hw_status (*resolve)(void* self, const hw_call* call, hw_str repository, hw_str tag, hw_str platform,
                       const hw_registry_sink* out);
  /* [concurrent][quick] Reads the body of a webhook, checks its signature where it has one, and puts out->push any
   * number of times. HW_INVALID: not a body this registry sends. HW_DENIED: the signature is wrong or missing.
   * Asked is the instance NAME with what comes to /webhook/NAME, and with what comes to /webhook and no sender that
   * Headwind knows has sent: answer HW_INVALID to what is another's, or nobody else is asked.
   * Header names are in lower case. Two are the host's own: "headwind-endpoint" is NAME of /webhook/NAME ("any" for
   * /webhook), and each "headwind-place" says "SENDER REPOSITORY BASE": where the images are found of a sender whose
   * events name no host ("nexus docker-hosted registry.example.com:8082"; "*" is every repository of that sender).
   * NULL: this registry sends no webhooks. */
  hw_status (*parse_webhook)(void* self, const hw_call* call, const hw_kv* headers, size_t header_count, hw_str body,
                             const hw_registry_sink* out);
  /* [concurrent][blocking] out->platform for each platform on which the image of that digest runs; none where it is no
   * image. What the digest names never changes, so the host asks once. NULL: this registry cannot tell. */
  hw_status (*platforms)(void* self, const hw_call* call, hw_str repository, hw_str digest,
                         const hw_registry_sink* out);
} hw_registry_api;

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
