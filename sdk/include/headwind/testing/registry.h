/* SPDX-License-Identifier: Apache-2.0 */
/* A registry's unit test in C:
 *
 *   hw_testing_answer(&host, 200, NULL, "{\"tags\": [\"1.0\", \"1.1\"]}");
 *   assert(hw_testing_list_tags(&host, "registry.example.com/team/web") == HW_OK);
 *   assert(strcmp(host.out, "1.0\n1.1\n") == 0);
 *
 * The output has a line for each thing that the plugin put: "TAG [DIGEST]", "DIGEST [MEDIA-TYPE]",
 * "REPOSITORY[:TAG][@DIGEST][ deleted]", "PLATFORM". */
#ifndef HEADWIND_TESTING_REGISTRY_H
#define HEADWIND_TESTING_REGISTRY_H
#include <headwind/registry.h>
#include <headwind/testing/host.h>

#if defined(__cplusplus)
extern "C" {
#endif

static inline void hw_testing_put_part(hw_testing* host, const char* before, hw_str text) {
  if (text.len == 0) return;
  hw_testing_add(&host->out, before, NULL);
  hw_testing_append(&host->out, text);
}

static inline hw_status hw_testing_put_tags(void* ctx, const hw_tags* page) {
  hw_testing* const host = (hw_testing*)ctx;
  size_t i;
  for (i = 0; i < page->count; ++i) {
    hw_testing_put_part(host, "", page->names[i]);
    if (page->digests) hw_testing_put_part(host, " ", page->digests[i]);
    hw_testing_add(&host->out, "\n", NULL);
  }
  return HW_OK;
}

static inline hw_status hw_testing_put_artifact(void* ctx, const hw_artifact* artifact) {
  hw_testing* const host = (hw_testing*)ctx;
  hw_testing_put_part(host, "", artifact->digest);
  hw_testing_put_part(host, " ", artifact->media_type);
  hw_testing_add(&host->out, "\n", NULL);
  return HW_OK;
}

static inline hw_status hw_testing_put_push(void* ctx, const hw_push* push) {
  hw_testing* const host = (hw_testing*)ctx;
  if (push->tag.len == 0 && push->digest.len == 0) hw_testing_stop("a push has neither a tag nor a digest");
  hw_testing_put_part(host, "", push->repository);
  hw_testing_put_part(host, ":", push->tag);
  hw_testing_put_part(host, "@", push->digest);
  hw_testing_add(&host->out, push->flags & HW_PUSH_DELETED ? " deleted\n" : "\n", NULL);
  return HW_OK;
}

static inline hw_status hw_testing_put_platform(void* ctx, hw_str platform) {
  hw_testing* const host = (hw_testing*)ctx;
  hw_testing_append(&host->out, platform);
  hw_testing_add(&host->out, "\n", NULL);
  return HW_OK;
}

static inline hw_registry_sink hw_testing_registry_sink(hw_testing* host) {
  hw_registry_sink sink;
  sink.struct_size = sizeof sink;
  sink.reserved0 = 0;
  sink.ctx = host;
  sink.tags = hw_testing_put_tags;
  sink.artifact = hw_testing_put_artifact;
  sink.push = hw_testing_put_push;
  sink.platform = hw_testing_put_platform;
  return sink;
}

static inline const hw_registry_api* hw_testing_registry(const hw_testing* host) {
  return (const hw_registry_api*)hw_testing_api(host, HW_KIND_REGISTRY);
}

/* Every tag of a repository, which is written with its host. */
static inline hw_status hw_testing_list_tags(hw_testing* host, const char* repository) {
  const hw_registry_api* const api = hw_testing_registry(host);
  const hw_registry_sink sink = hw_testing_registry_sink(host);
  const hw_call* const call = hw_testing_call(host);
  const hw_str lent = hw_testing_lend(host, hw_testing_str(repository));
  return hw_testing_return(host, api->list_tags(host->self, call, lent, &sink));
}

/* What a tag stands for; `platform` may be empty or NULL. */
static inline hw_status hw_testing_resolve(hw_testing* host, const char* repository, const char* tag,
                                           const char* platform) {
  const hw_registry_api* const api = hw_testing_registry(host);
  const hw_registry_sink sink = hw_testing_registry_sink(host);
  const hw_call* const call = hw_testing_call(host);
  const hw_str in = hw_testing_lend(host, hw_testing_str(repository)), of = hw_testing_lend(host, hw_testing_str(tag)),
               on = hw_testing_lend(host, hw_testing_str(platform));
  const hw_status status = hw_testing_return(host, api->resolve(host->self, call, in, of, on, &sink));
  if (status == HW_OK && host->out[0] == '\0') hw_testing_stop("resolve() answered HW_OK, and put no artifact");
  return status;
}

/* A webhook's body; `headers` are lines of "name: value", names in lower case, or NULL. */
static inline hw_status hw_testing_webhook(hw_testing* host, const char* headers, const char* body) {
  const hw_registry_api* const api = hw_testing_registry(host);
  const hw_registry_sink sink = hw_testing_registry_sink(host);
  const hw_call* call;
  hw_kv rows[HW_TESTING_HEADERS];
  size_t count, i;
  if (!HW_CAN(hw_registry_api, api, parse_webhook)) hw_testing_stop("the plugin has no parse_webhook");
  call = hw_testing_call(host);
  count = hw_testing_headers(headers, rows, HW_TESTING_HEADERS);
  for (i = 0; i < count; ++i) {
    rows[i].key = hw_testing_lend(host, rows[i].key);
    rows[i].value = hw_testing_lend(host, rows[i].value);
  }
  return hw_testing_return(host, api->parse_webhook(host->self, call, count ? rows : NULL, count,
                                                    hw_testing_lend(host, hw_testing_str(body)), &sink));
}

/* On which platforms the image of a digest runs. */
static inline hw_status hw_testing_platforms(hw_testing* host, const char* repository, const char* digest) {
  const hw_registry_api* const api = hw_testing_registry(host);
  const hw_registry_sink sink = hw_testing_registry_sink(host);
  const hw_call* call;
  hw_str in, of;
  if (!HW_CAN(hw_registry_api, api, platforms)) hw_testing_stop("the plugin has no platforms");
  call = hw_testing_call(host);
  in = hw_testing_lend(host, hw_testing_str(repository));
  of = hw_testing_lend(host, hw_testing_str(digest));
  return hw_testing_return(host, api->platforms(host->self, call, in, of, &sink));
}

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
