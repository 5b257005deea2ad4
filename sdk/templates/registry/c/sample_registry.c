/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a registry with an API of its own: GET /api/REPOSITORY/tags answers {"tags": ["1.0", "1.1"]}, and
 * GET /api/REPOSITORY/tags/TAG answers {"digest": "sha256:..."}. */
#include <headwind/registry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define JSMN_STATIC
#include <jsmn.h>

typedef struct { /* one configured instance */
  const hw_http* http;
} instance;

typedef struct { /* what the registry answered */
  int32_t status;
  char* body;
  size_t length;
  jsmntok_t* tokens; /* of the body: the first is the object */
  int count;
} answer;

/* Says why the call fails: once, right before the return. What the host's services answer, they have explained. */
static hw_status fail(const hw_call* call, hw_status code, const char* message) {
  const int32_t may_pass = code == HW_THROTTLED || code == HW_UNAVAILABLE;
  const hw_error error = {sizeof error, code, may_pass, 0, 0, {message, strlen(message)}};
  return call->host->fail(call, &error);
}

static hw_status unreadable(const hw_call* call) {
  return fail(call, HW_UNAVAILABLE, "the registry's answer is not of the documented shape");
}

static hw_status take_head(void* ctx, int32_t status, const hw_kv* headers, size_t count) {
  (void)headers, (void)count;
  ((answer*)ctx)->status = status;
  return HW_OK;
}

static hw_status take_body(void* ctx, hw_str chunk) {
  answer* const to = ctx;
  char* const grown = realloc(to->body, to->length + chunk.len + 1);
  if (!grown) return HW_INTERNAL;
  if (chunk.len > 0) memcpy(grown + to->length, chunk.ptr, chunk.len);
  to->body = grown;
  to->length += chunk.len;
  return HW_OK;
}

/* Finds the member of the answer's object; -1 where there is none of this type. */
static int member(const answer* from, const char* name, jsmntype_t type) {
  const jsmntok_t* const tokens = from->tokens;
  int at = 1;
  while (at + 1 < from->count) {
    const int value = at + 1;
    const size_t length = (size_t)(tokens[at].end - tokens[at].start);
    if (length == strlen(name) && memcmp(from->body + tokens[at].start, name, length) == 0)
      return tokens[value].type == type ? value : -1;
    for (at = value + 1; at < from->count && tokens[at].start < tokens[value].end; ++at) continue;
  }
  return -1;
}

/* The text of a token that is a name, such as a tag or a digest: letters, digits and some marks. Empty where it is not,
 * so that nothing odd that a server says goes any further. */
static hw_str name_of(const answer* from, int token) {
  const hw_str text = {from->body + from->tokens[token].start,
                       (size_t)(from->tokens[token].end - from->tokens[token].start)};
  size_t i;
  for (i = 0; i < text.len && text.ptr[i] > ' ' && text.ptr[i] < 127 && !strchr("\\\"/", text.ptr[i]); ++i) continue;
  return from->tokens[token].type == JSMN_STRING && i == text.len && i <= HW_MAX_NAME ? text : (hw_str){NULL, 0};
}

/* Reads the body into tokens: an object, or the answer is of no use. */
static int parse(answer* from) {
  jsmn_parser parser;
  jsmn_init(&parser);
  from->count = jsmn_parse(&parser, from->body, from->length, NULL, 0);
  if (from->count < 1) return 0;
  from->tokens = malloc((size_t)from->count * sizeof *from->tokens);
  jsmn_init(&parser);
  return from->tokens && jsmn_parse(&parser, from->body, from->length, from->tokens, (unsigned)from->count) > 0 &&
         from->tokens[0].type == JSMN_OBJECT;
}

static void forget(answer* from) {
  free(from->body);
  free(from->tokens);
}

/* GET /api/REPOSITORY/tags[/TAG]. The host adds the credential of the workloads that ask ("pull"), and gives up at the
 * deadline of the call. */
static hw_status get(const instance* self, const hw_call* call, hw_str repository, hw_str tag, answer* got) {
  const hw_http_reply reply = {sizeof reply, 0, got, take_head, take_body};
  hw_http_request request = {sizeof request,     0,      HW_LITERAL("GET"), {NULL, 0}, NULL, 0, {NULL, 0},
                             HW_LITERAL("pull"), 1 << 24};
  const char* const slash = memchr(repository.ptr, '/', repository.len);
  char url[2048];
  int length;
  hw_status status;
  if (!slash) return fail(call, HW_INVALID, "the repository has no host");
  length = snprintf(url, sizeof url, "https://%.*s/api%.*s/tags%s%.*s", (int)(slash - repository.ptr), repository.ptr,
                    (int)(repository.len - (size_t)(slash - repository.ptr)), slash, tag.len > 0 ? "/" : "",
                    (int)tag.len, tag.len > 0 ? tag.ptr : "");
  if (length < 0 || (size_t)length >= sizeof url) return fail(call, HW_INVALID, "the repository's name is too long");
  request.url = (hw_str){url, (size_t)length};
  status = self->http->exchange(call, &request, &reply);
  if (status != HW_OK) return status;
  if (got->status == 404) return fail(call, HW_NOT_FOUND, "the registry does not have it");
  if (got->status == 401 || got->status == 403) return fail(call, HW_DENIED, "the registry denies it: check the login");
  if (got->status == 429) return fail(call, HW_THROTTLED, "the registry wants us to slow down");
  if (got->status != 200) return fail(call, HW_UNAVAILABLE, "the registry does not answer as it should");
  return parse(got) ? HW_OK : unreadable(call);
}

/* All tags. To leave some out is to say that they are gone: whatever is in doubt fails, and is never left out. */
static hw_status put_tags(const answer* got, const hw_call* call, const hw_registry_sink* out) {
  const int list = member(got, "tags", JSMN_ARRAY);
  const size_t count = list < 0 ? 0 : (size_t)got->tokens[list].size;
  hw_str* const names = malloc((count + 1) * sizeof *names);
  hw_tags page = {sizeof page, 0, count, names, NULL, NULL, NULL};
  hw_status status;
  size_t row;
  if (list < 0 || !names) {
    free(names);
    return unreadable(call);
  }
  for (row = 0; row < count; ++row) {
    const int token = list + 1 + (int)row;
    names[row] = name_of(got, token);
    if (names[row].len == 0) {
      free(names);
      return unreadable(call);
    }
  }
  status = out->tags(out->ctx, &page);
  free(names);
  return status;
}

static hw_status list_tags(void* self, const hw_call* call, hw_str repository, const hw_registry_sink* out) {
  answer got = {0, NULL, 0, NULL, 0};
  hw_status status = get(self, call, repository, (hw_str){NULL, 0}, &got);
  if (status == HW_OK) status = put_tags(&got, call, out);
  forget(&got);
  return status;
}

/* What a tag stands for now. */
static hw_status resolve(void* self, const hw_call* call, hw_str repository, hw_str tag, hw_str platform,
                         const hw_registry_sink* out) {
  answer got = {0, NULL, 0, NULL, 0};
  hw_artifact artifact = {sizeof artifact, 0, {NULL, 0}, {NULL, 0}, 0, {NULL, 0}};
  hw_status status = get(self, call, repository, tag, &got);
  (void)platform;
  if (status == HW_OK) {
    const int digest = member(&got, "digest", JSMN_STRING);
    if (digest >= 0) artifact.digest = name_of(&got, digest);
    status = artifact.digest.len == 0 ? unreadable(call) : out->artifact(out->ctx, &artifact);
  }
  forget(&got);
  return status;
}

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  instance* const made = malloc(sizeof *made);
  (void)plugin, (void)config; /* this one has no settings */
  if (!made) return fail(call, HW_INTERNAL, "out of memory");
  made->http = call->host->service(call->host, HW_SERVICE_HTTP);
  if (!made->http) {
    free(made);
    return fail(call, HW_UNSUPPORTED, "the service for HTTP is not granted to this instance");
  }
  *self = made;
  return HW_OK;
}

static void destroy(void* self) { free(self); }

static const char* const needs[] = {HW_SERVICE_HTTP, NULL};
static const hw_registry_api api = {sizeof(hw_registry_api), 0, list_tags, resolve, NULL, NULL};
static const hw_plugin plugin = {
    sizeof(hw_plugin),
    HW_KIND_REGISTRY,
    0,
    0,
    HW_LITERAL("com.example.registry.sample"),
    HW_LITERAL("0.1.0"),
    HW_LITERAL("Reads the tags of a registry with an API of its own"),
    HW_LITERAL("{\"type\": \"object\", \"additionalProperties\": false}"),
    needs,
    &api,
    create,
    destroy,
    NULL,
};
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, HW_LITERAL("sample-registry"), plugins};

const hw_module* hw_entry_v1(void) { return &module; }
