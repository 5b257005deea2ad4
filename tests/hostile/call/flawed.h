/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that load well; each module here has one flaw, and does what its name says when it is called. */
#ifndef TEST_HOSTILE_FLAWED_H
#define TEST_HOSTILE_FLAWED_H
#include "module.h"

#define CHOOSE(self, call, query, candidates, out, why, verdicts)                                                   \
  static hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates, \
                          hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts)
#define LIST_TAGS(self, call, repository, out) \
  static hw_status list_tags(void* self, const hw_call* call, hw_str repository, const hw_registry_sink* out)
#define SEND(self, call, events, count, results)                                                             \
  static hw_status send_events(void* self, const hw_call* call, const hw_event* const* events, size_t count, \
                               hw_status* results)

/* The flaw is in `choose`, `list_tags` or `send_events`. */
#define FLAWED_POLICY(id, needs)                                       \
  static const hw_policy_api api = {sizeof(hw_policy_api), 0, choose}; \
  STATIC_PLUGIN(plugin, HW_KIND_POLICY, id, "", needs, &api)           \
  STATIC_MODULE(plugin)
#define FLAWED_NOTIFIER(id, needs)                                              \
  static const hw_notifier_api api = {sizeof(hw_notifier_api), 0, send_events}; \
  STATIC_PLUGIN(plugin, HW_KIND_NOTIFIER, id, "", needs, &api)                  \
  STATIC_MODULE(plugin)
#define FLAWED_REGISTRY(id, needs)                                                                          \
  static hw_status resolve(void* self, const hw_call* call, hw_str repository, hw_str tag, hw_str platform, \
                           const hw_registry_sink* out) {                                                   \
    (void)self, (void)call, (void)repository, (void)tag, (void)platform, (void)out;                         \
    return HW_UNSUPPORTED;                                                                                  \
  }                                                                                                         \
  static const hw_registry_api api = {sizeof(hw_registry_api), 0, list_tags, resolve, NULL, NULL};          \
  STATIC_PLUGIN(plugin, HW_KIND_REGISTRY, id, "", needs, &api)                                              \
  STATIC_MODULE(plugin)

static hw_tags page_of(const hw_str* names, size_t count) {
  hw_tags page = {sizeof(hw_tags), 0, 0, NULL, NULL, NULL, NULL};
  page.names = names;
  page.count = count;
  return page;
}

static inline void use_more_helpers(void) {
  (void)page_of;
  use_helpers();
}
#endif
