/* SPDX-License-Identifier: Apache-2.0 */
/* What the host lends to a plugin. Every instance has a hw_host of its own, so that logs, metrics and grants belong to
 * it. It is valid from create until destroy has returned. All functions in this file are [concurrent].
 *
 * Services beyond the basic ones have an id and are asked for by name, once, in create. The plugin lists the ids in
 * hw_plugin.needs; the operator's configuration decides what is granted. A service that fails has told the host why: a
 * plugin that merely passes the status on need not call fail(). */
#ifndef HEADWIND_HOST_H
#define HEADWIND_HOST_H
#include <headwind/base.h>

#if defined(__cplusplus)
extern "C" {
#endif

enum { HW_LOG_DEBUG = 1, HW_LOG_INFO = 2, HW_LOG_WARN = 3, HW_LOG_ERROR = 4 };

typedef struct hw_host {
  uint32_t struct_size;
  uint32_t abi_minor; /* HW_ABI_MINOR of the headers this host was compiled with */
  void* ctx;          /* the host's own */
  hw_str version;     /* "headwind/1.4.2", good for a User-Agent */
  /* [quick] Nonzero if a message of this level would be written anywhere: ask before costly formatting. */
  int32_t (*log_enabled)(const struct hw_host* host, int32_t level);
  /* [quick] Keep the message constant and put what varies into fields. Never log a secret. */
  void (*log)(const struct hw_host* host, int32_t level, hw_str message, const hw_kv* fields, size_t field_count);
  /* [quick] Wall clock and steady clock. Use these rather than the system's, so that tests can set the time. */
  int64_t (*unix_ms)(const struct hw_host* host);
  int64_t (*mono_ms)(const struct hw_host* host);
  /* [quick] Nonzero when the call should come to an end. Ask now and then in long loops. */
  int32_t (*cancelled)(const hw_call* call);
  /* [quick] Notes why this call fails, and answers error->code: return host->fail(call, &error); */
  hw_status (*fail)(const hw_call* call, const hw_error* error);
  /* [quick] The service with this id, or NULL where the host lacks it or the operator did not grant it. */
  const void* (*service)(const struct hw_host* host, const char* id);
} hw_host;

/* One HTTP exchange through the host, which has the connection pools, TLS, proxies, limits and metrics. */
#define HW_SERVICE_HTTP "headwind.http/1"
typedef struct hw_http_request {
  uint32_t struct_size;
  uint32_t flags; /* zero */
  hw_str method, url;
  const hw_kv* headers;
  size_t header_count;
  hw_str body;
  hw_str credential; /* name of a granted secret that the host applies to the request; "pull": the pull credential of
                      * this call (see hw_pull) as Basic, where the URL is on the repository's own host; empty: none */
  uint64_t max_body; /* give up on a longer reply; 0: 16 MiB; if more, at most 64 MiB, it comes as it arrives (body) */
} hw_http_request;

typedef struct hw_http_reply {
  uint32_t struct_size;
  uint32_t reserved0;
  void* ctx;
  /* Called once, before the first chunk; perhaps before a failure, too. Header names are in lower case. */
  hw_status (*head)(void* ctx, int32_t status, const hw_kv* headers, size_t header_count);
  hw_status (*body)(void* ctx, hw_str chunk); /* any number of times, perhaps before a failure; the peer waits */
} hw_http_reply;

typedef struct hw_http {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [blocking] HW_OK: there was an answer, whatever its status code. Redirects are not followed. */
  hw_status (*exchange)(const hw_call* call, const hw_http_request* request, const hw_http_reply* reply);
} hw_http;

/* Metrics take no labels of the plugin's choice: the host adds the plugin and the instance. */
#define HW_SERVICE_METRICS "headwind.metrics/1"
enum { HW_COUNTER = 1, HW_GAUGE = 2, HW_HISTOGRAM = 3 };
typedef struct hw_metrics {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [quick] An id for record. 0 means refused (bad name, or too many); recording 0 does nothing. */
  uint32_t (*define)(const hw_host* host, int32_t type, hw_str name, hw_str help);
  /* [quick] Adds to a counter, sets a gauge, observes in a histogram. */
  void (*record)(const hw_host* host, uint32_t id, double value);
} hw_metrics;

/* Secrets that the instance's configuration grants by name. */
#define HW_SERVICE_SECRETS "headwind.secrets/1"
typedef struct hw_secrets {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [blocking] HW_NOT_FOUND for a name that is not granted. Read it when needed: secrets rotate. */
  hw_status (*read)(const hw_call* call, hw_str name, const hw_sink* out);
} hw_secrets;

/* For registry plugins: the credential on whose behalf a repository is to be read. The host finds it in the pull
 * secrets of the workloads behind the call, by the rules of the kubelet. */
#define HW_SERVICE_PULL "headwind.pull/1"
/* Where only the identity is set, no account is lent: the settings' own counts, or of "cloud:gcp" and "cloud:azure" who
 * this process is at that cloud's registries. Answers are remembered under the identity all the same. */
typedef struct hw_credential {
  uint32_t struct_size;
  uint32_t reserved0;
  hw_str identity; /* stands for the credential in keys of caches and in logs: equal where it is the same, no secret */
  hw_str username, password; /* for Basic and for token servers; or empty */
  hw_str identity_token;     /* an OAuth2 refresh token, for the token server; or empty */
  hw_str registry_token;     /* to be sent as Bearer as it is; or empty */
} hw_credential;
typedef struct hw_pull {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [quick] Good until the call returns. NULL: none was found, so the plugin's own settings apply, or nobody's name. */
  const hw_credential* (*credential)(const hw_call* call);
} hw_pull;

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
