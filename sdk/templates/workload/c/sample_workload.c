/* SPDX-License-Identifier: Apache-2.0 */
/* The custom resource Site of example.com/v1, which has one image: spec.image. */
#include <headwind/workload.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define JSMN_STATIC
#include <jsmn.h>

typedef struct { /* an object of the cluster, read */
  const char* json;
  jsmntok_t* tokens;
  int count;
} object;

/* Says why the call fails: once, right before the return. */
static hw_status fail(const hw_call* call, hw_status code, const char* message) {
  const hw_error error = {sizeof error, code, 0, 0, 0, {message, strlen(message)}};
  return call->host->fail(call, &error);
}

/* Reads a JSON object into tokens, which are to be freed. */
static hw_status parse(const hw_call* call, hw_str json, object* out) {
  jsmn_parser parser;
  jsmn_init(&parser);
  out->json = json.ptr;
  out->tokens = NULL;
  out->count = jsmn_parse(&parser, json.ptr, json.len, NULL, 0);
  if (out->count < 1) return fail(call, HW_INVALID, "the Site is not JSON");
  out->tokens = malloc((size_t)out->count * sizeof *out->tokens);
  if (!out->tokens) return fail(call, HW_INTERNAL, "out of memory");
  jsmn_init(&parser);
  if (jsmn_parse(&parser, json.ptr, json.len, out->tokens, (unsigned)out->count) > 0 &&
      out->tokens[0].type == JSMN_OBJECT)
    return HW_OK;
  free(out->tokens);
  return fail(call, HW_INVALID, "the Site is not a JSON object");
}

/* The member `name` of the object that is token `of`; -1 where there is none. */
static int member(const object* from, int of, const char* name) {
  const jsmntok_t* const tokens = from->tokens;
  int at = of + 1;
  if (of < 0 || tokens[of].type != JSMN_OBJECT) return -1;
  while (at + 1 < from->count && tokens[at].start < tokens[of].end) {
    const int value = at + 1;
    const size_t length = (size_t)(tokens[at].end - tokens[at].start);
    if (length == strlen(name) && memcmp(from->json + tokens[at].start, name, length) == 0) return value;
    for (at = value + 1; at < from->count && tokens[at].start < tokens[value].end; ++at) continue;
  }
  return -1;
}

static hw_str text_of(const object* from, int token) {
  return (hw_str){from->json + from->tokens[token].start,
                  (size_t)(from->tokens[token].end - from->tokens[token].start)};
}

/* A whole number of at most nine digits at /outer/inner, or `otherwise`. */
static int32_t number(const object* from, const char* outer, const char* inner, int32_t otherwise) {
  const int token = member(from, member(from, 0, outer), inner);
  const hw_str text = token < 0 ? (hw_str){NULL, 0} : text_of(from, token);
  int32_t value = 0;
  size_t i;
  if (text.len == 0 || text.len > 9 || from->tokens[token].type != JSMN_PRIMITIVE) return otherwise;
  for (i = 0; i < text.len; ++i) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return otherwise;
    value = value * 10 + (text.ptr[i] - '0');
  }
  return value;
}

/* The kind of object that this serves. Headwind lists and watches it, and shows each object to the functions below. */
static hw_status describe(void* self, const hw_call* call, const hw_target_sink* out) {
  static const char* const versions[] = {"v1", NULL};
  const hw_target target = {
      sizeof target, 0, HW_LITERAL("example.com"), HW_LITERAL("sites"), HW_LITERAL("Site"), versions, NULL, NULL};
  (void)self, (void)call;
  return out->put(out->ctx, &target);
}

/* Every place of an object that can be updated: its name, what stands there, and where. Headwind's patch tests what it
 * replaces. In a list, name the item by a guard: guard_pointer ".../0/name", guard_value "web". */
static hw_status images(void* self, const hw_call* call, hw_str json, const hw_str* related, size_t related_count,
                        const hw_image_sink* out) {
  hw_image image = {sizeof image, 0,        HW_LITERAL("image"), {NULL, 0}, HW_LITERAL("/spec/image"), {NULL, 0},
                    {NULL, 0},    {NULL, 0}};
  object site;
  hw_status status = parse(call, json, &site);
  int token;
  (void)self, (void)related, (void)related_count;
  if (status != HW_OK) return status;
  token = member(&site, member(&site, 0, "spec"), "image");
  if (token >= 0 && site.tokens[token].type == JSMN_STRING) {
    image.reference = text_of(&site, token); /* no image has a character that JSON escapes */
    status = out->put(out->ctx, &image);
  }
  free(site.tokens);
  return status;
}

/* How far the rollout of the object's present state is. In doubt it is running: time decides then. */
static hw_status rollout(void* self, const hw_call* call, hw_str json, const hw_str* companions, size_t companion_count,
                         hw_rollout* out, const hw_sink* reason) {
  char why[80] = "";
  object site;
  const hw_status status = parse(call, json, &site);
  (void)self, (void)companions, (void)companion_count;
  if (status != HW_OK) return status;
  out->state = HW_ROLLOUT_RUNNING;
  out->wanted = number(&site, "spec", "replicas", 1);
  out->ready = number(&site, "status", "readyReplicas", 0);
  if (number(&site, "status", "observedGeneration", 0) < number(&site, "metadata", "generation", 0)) {
    snprintf(why, sizeof why, "the controller has not seen this state yet");
  } else if (out->wanted == 0) {
    out->state = HW_ROLLOUT_HELD;
    snprintf(why, sizeof why, "scaled to zero: nothing shows whether it works");
  } else if (out->ready >= out->wanted) {
    out->state = HW_ROLLOUT_DONE;
  } else {
    snprintf(why, sizeof why, "%d of %d replicas are ready", (int)out->ready, (int)out->wanted);
  }
  free(site.tokens);
  return *why && reason ? reason->write(reason->ctx, (hw_str){why, strlen(why)}) : HW_OK;
}

static hw_status create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) {
  (void)call, (void)plugin, (void)config;
  *self = NULL; /* it keeps nothing */
  return HW_OK;
}

static void destroy(void* self) { (void)self; }

static const hw_workload_api api = {sizeof(hw_workload_api), 0, describe, images, rollout};
static const hw_plugin plugin = {
    sizeof(hw_plugin),
    HW_KIND_WORKLOAD,
    0,
    0,
    HW_LITERAL("com.example.workload.sample"),
    HW_LITERAL("0.1.0"),
    HW_LITERAL("Sites of example.com"),
    HW_LITERAL("{\"type\": \"object\", \"additionalProperties\": false}"),
    NULL,
    &api,
    create,
    destroy,
    NULL,
};
static const hw_plugin* const plugins[] = {&plugin};
static const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, HW_LITERAL("sample-workload"), plugins};

const hw_module* hw_entry_v1(void) { return &module; }
