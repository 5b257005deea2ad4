/* SPDX-License-Identifier: Apache-2.0 */
/* The frame that every test module shares: one plugin, unless the module says otherwise. */
#ifndef TEST_MODULE_H
#define TEST_MODULE_H
#include <headwind/headwind.h>
#include <stdlib.h>
#include <string.h>

#define STATIC_PLUGIN(variable, its_kind, its_id, its_schema, its_needs, its_api)                                \
  static hw_status variable##_create(const hw_call* call, const hw_plugin* plugin, hw_str config, void** self) { \
    (void)plugin;                                                                                                \
    return make_instance(call, config, self);                                                                    \
  }                                                                                                              \
  static const hw_plugin variable = {sizeof(hw_plugin),                                                          \
                                     its_kind,                                                                   \
                                     0,                                                                          \
                                     0,                                                                          \
                                     HW_LITERAL(its_id),                                                         \
                                     HW_LITERAL("1.0.0"),                                                        \
                                     HW_LITERAL("for the tests"),                                                \
                                     HW_LITERAL(its_schema),                                                     \
                                     its_needs,                                                                  \
                                     its_api,                                                                    \
                                     variable##_create,                                                          \
                                     free_instance,                                                              \
                                     NULL};

#define STATIC_MODULE(plugin)                                                                                   \
  static const hw_plugin* const module_plugins[] = {&(plugin)};                                                 \
  static const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, HW_LITERAL("tests"), module_plugins}; \
  const hw_module* hw_entry_v1(void) { return &module; }

/* An instance that knows its host and its settings. */
typedef struct instance {
  const hw_host* host;
  char* config;
} instance;

static hw_status make_instance(const hw_call* call, hw_str config, void** self) {
  instance* made = (instance*)malloc(sizeof(instance));
  made->host = call->host;
  made->config = (char*)malloc(config.len + 1);
  memcpy(made->config, config.ptr, config.len);
  made->config[config.len] = 0;
  *self = made;
  return HW_OK;
}

static void free_instance(void* self) {
  free(((instance*)self)->config);
  free(self);
}

static hw_str text(const char* chars) {
  hw_str out = {chars, strlen(chars)};
  return out;
}

static int32_t is(hw_str left, const char* right) {
  return left.len == strlen(right) && memcmp(left.ptr, right, left.len) == 0;
}

static hw_status fail(const hw_call* call, hw_status code, int32_t retryable, int64_t retry_after_ms,
                      const char* message) {
  hw_error error = {sizeof(hw_error), 0, 0, 0, 0, {NULL, 0}};
  error.code = code;
  error.retryable = retryable;
  error.retry_after_ms = retry_after_ms;
  error.message = text(message);
  return call->host->fail(call, &error);
}

/* Not every module needs every helper. */
static inline void use_helpers(void) {
  (void)make_instance;
  (void)free_instance;
  (void)text;
  (void)is;
  (void)fail;
}
#endif
