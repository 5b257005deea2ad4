/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what it delivers in its metric, logs it, and tells by the event's text what becomes of it. */
#include "module.h"

static hw_status send(void* self, const hw_call* call, const hw_event* const* events, size_t count,
                      hw_status* results) {
  const instance* me = self;
  const hw_metrics* metrics = me->host->service(me->host, HW_SERVICE_METRICS);
  const uint32_t id = metrics->define(me->host, HW_COUNTER, text("delivered_total"), text("Delivered events."));
  size_t i;
  for (i = 0; i < count; ++i) {
    const hw_kv field = {HW_LITERAL("event"), events[i]->id};
    me->host->log(me->host, HW_LOG_DEBUG, text("delivered"), &field, 1);
    if (is(events[i]->text, "stop")) return fail(call, HW_UNAVAILABLE, 1, 3000, "the peer is down");
    /* It stops here: those that follow come again later. The first way marks the event, the second leaves the preset.
     */
    if (is(events[i]->text, "marked")) return results[i] = fail(call, HW_INVALID, 0, 0, "the event is too long");
    if (is(events[i]->text, "unmarked")) return fail(call, HW_INVALID, 0, 0, "the event is too long");
    results[i] = is(events[i]->text, "never") ? HW_INVALID : HW_OK;
    if (results[i] == HW_OK) metrics->record(me->host, id, 1);
  }
  return HW_OK;
}

static const char* const needs[] = {HW_SERVICE_METRICS, NULL};
static const hw_notifier_api api = {sizeof(hw_notifier_api), 0, send};
STATIC_PLUGIN(plugin, HW_KIND_NOTIFIER, "test.notifier.good",
              "{\"type\":\"object\",\"properties\":{\"channel\":{\"type\":\"string\",\"default\":\"#ops\"},"
              "\"retry\":{\"type\":\"object\",\"default\":{},\"properties\":{\"times\":{\"type\":\"integer\","
              "\"minimum\":1,\"default\":3}}}},\"additionalProperties\":false}",
              needs, &api)
STATIC_MODULE(plugin)
