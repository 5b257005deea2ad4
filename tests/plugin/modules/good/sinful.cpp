// SPDX-License-Identifier: Apache-2.0
// Loads well, and commits during `choose` the sin that the policy names.
#include <pthread.h>

#include <stdexcept>
#include <string_view>
#include <thread>

#include "module.h"

namespace {

hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags* candidates,
                 hw_choice* out, const hw_sink* why, const hw_verdict_sink* verdicts) {
  const std::string_view sin(query->policy.ptr, query->policy.len);
  const hw_host* host = static_cast<instance*>(self)->host;
  out->verdict = HW_UPDATE;
  out->index = 0;
  if (sin == "throw") throw std::runtime_error("a bug");
  if (sin == "throw an int") throw 42;
  if (sin == "unknown status") return 4711;
  if (sin == "negative status") return -1;
  if (sin == "internal") return HW_INTERNAL;
  if (sin == "silent") return HW_NOT_FOUND;
  if (sin == "out of range") out->index = candidates->count;
  if (sin == "unknown verdict") out->verdict = 17;
  if (sin == "invalid UTF-8") return why->write(why->ctx, {"\xc3(", 2}), HW_OK;
  if (sin == "flood") {
    const char chunk[1024] = {};
    for (int i = 0; i < 1024; ++i) why->write(why->ctx, {chunk, sizeof chunk});
  }
  if (sin == "verdict of no row" && verdicts != nullptr)
    verdicts->put(verdicts->ctx, candidates->count, HW_HOLD, {nullptr, 0});
  if (sin == "asks for more than it declared")
    return host->service(host, HW_SERVICE_HTTP) == nullptr && host->service(host, HW_SERVICE_SECRETS) == nullptr &&
                   host->service(host, "no.such/1") == nullptr && host->service(host, nullptr) == nullptr
               ? HW_OK
               : HW_INTERNAL;
  if (sin == "fails twice") {
    fail(call, HW_DENIED, 0, 0, "first");
    return fail(call, HW_THROTTLED, 1, -5, "second\nline");
  }
  if (sin == "logs without end") {
    for (int i = 0; i < 10'000; ++i) host->log(host, HW_LOG_ERROR, {"spam\n\xff", 6}, nullptr, 0);
  }
  if (sin == "metrics without end") {
    const auto* metrics = static_cast<const hw_metrics*>(host->service(host, HW_SERVICE_METRICS));
    char name[] = "m0000";
    for (int i = 0; i < 1000; ++i) {
      for (int digit = 0, rest = i; digit < 4; ++digit, rest /= 10)
        name[4 - digit] = static_cast<char>('0' + rest % 10);
      const std::uint32_t id = metrics->define(host, HW_GAUGE, text(name), text(name));
      metrics->record(host, id, 1);
    }
    if (metrics->define(host, HW_COUNTER, text("m0000"), text("")) != 0) return HW_INTERNAL;
    if (metrics->define(host, HW_COUNTER, text("bad name"), text("")) != 0) return HW_INTERNAL;
    metrics->record(host, 4711, 1);
  }
  if (sin == "ends its thread") pthread_exit(nullptr);
  if (sin == "sleeps for ever") {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
  if (sin == "sleeps past its deadline") {
    while (host->cancelled(call) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
  }
  if (sin == "waits until cancelled") {
    while (host->cancelled(call) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return HW_CANCELLED;
  }
  return HW_OK;
}

constexpr const char* kNeeds[] = {HW_SERVICE_METRICS, nullptr};
constexpr hw_policy_api kApi = {sizeof(hw_policy_api), 0, choose};
STATIC_PLUGIN(plugin, HW_KIND_POLICY, "test.policy.sinful", "", kNeeds, &kApi)

}  // namespace

STATIC_MODULE(plugin)
