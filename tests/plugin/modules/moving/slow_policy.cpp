// SPDX-License-Identifier: Apache-2.0
// A policy that answers with its setting `answer`, after as many milliseconds as the pattern says, and watches its own
// life: an instance that is destroyed with a call under way, or called after its end, is counted. Some patterns are
// words: "held" lasts until slow_released is set or the call is cancelled, "deaf" until it is set whatever the deadline
// is, "leak" puts its secret `token` into a log line and its error, "chat" into the sentence about its choice.
#include <headwind/headwind.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

extern "C" {
// Found by the tests with dlsym.
HW_EXPORT std::atomic<int> slow_created{0}, slow_destroyed{0}, slow_violations{0}, slow_released{0};
}

namespace {

constexpr int kAlive = 0x51ee9;

struct Slow {
  std::string answer;
  std::atomic<int> life{kAlive}, calls{0};
};

hw_str lend(const char* text) { return {text, std::strlen(text)}; }

hw_status create(const hw_call* call, const hw_plugin*, hw_str config, void** self) {
  const std::string settings(config.ptr, config.len);
  if (settings.find("\"refuse\":true") != std::string::npos) {
    hw_error error{};
    error.struct_size = sizeof error;
    error.code = HW_INVALID;
    error.message = lend("settings.refuse: it was told to refuse");
    return call->host->fail(call, &error);
  }
  auto* made = new Slow;
  const std::size_t at = settings.find("\"answer\":\"") + std::strlen("\"answer\":\"");
  made->answer = settings.substr(at, settings.find('"', at) - at);
  ++slow_created;
  *self = made;
  return HW_OK;
}

void destroy(void* self) {
  auto* slow = static_cast<Slow*>(self);
  if (slow->life.exchange(0) != kAlive || slow->calls != 0) ++slow_violations;
  ++slow_destroyed;
  delete slow;
}

hw_status choose(void* self, const hw_call* call, const hw_policy_query* query, const hw_tags*, hw_choice* out,
                 const hw_sink* why, const hw_verdict_sink*) {
  auto* slow = static_cast<Slow*>(self);
  if (slow->life != kAlive) ++slow_violations;
  ++slow->calls;
  const std::string pattern(query->pattern.ptr == nullptr ? "" : query->pattern.ptr, query->pattern.len);
  const timespec millisecond{0, 1'000'000};
  for (int left = std::atoi(pattern.c_str()); left > 0 && call->host->cancelled(call) == 0; --left)
    nanosleep(&millisecond, nullptr);
  while (slow_released == 0 && (pattern == "deaf" || (pattern == "held" && call->host->cancelled(call) == 0)))
    nanosleep(&millisecond, nullptr);
  if (slow->life != kAlive) ++slow_violations;
  --slow->calls;
  if (pattern == "leak" || pattern == "chat") {
    const auto* secrets = static_cast<const hw_secrets*>(call->host->service(call->host, HW_SERVICE_SECRETS));
    std::string found;
    const hw_sink into{&found, [](void* ctx, hw_str chunk) {
                         static_cast<std::string*>(ctx)->append(chunk.ptr, chunk.len);
                         return hw_status{HW_OK};
                       }};
    if (secrets == nullptr || secrets->read(call, lend("token"), &into) != HW_OK) return HW_INTERNAL;
    const hw_kv field{lend("token"), {found.data(), found.size()}};
    call->host->log(call->host, HW_LOG_ERROR, field.value, &field, 1);
    found = "the peer refused the token " + found;
    if (pattern == "chat") {
      out->verdict = HW_HOLD;
      return why->write(why->ctx, {found.data(), found.size()});
    }
    hw_error error{};
    error.struct_size = sizeof error;
    error.code = HW_DENIED;
    error.message = {found.data(), found.size()};
    return call->host->fail(call, &error);
  }
  out->verdict = HW_HOLD;
  return why->write(why->ctx, lend(slow->answer.c_str()));
}

const char* const needs[] = {HW_SERVICE_SECRETS, nullptr};
const hw_policy_api api = {sizeof(hw_policy_api), 0, choose};
const hw_plugin plugin = {sizeof(hw_plugin),
                          HW_KIND_POLICY,
                          0,
                          0,
                          lend("test.policy.slow"),
                          lend("1.0.0"),
                          lend("answers with its setting"),
                          lend(R"({"type":"object","properties":{"answer":{"type":"string","default":"none"},)"
                               R"("refuse":{"type":"boolean","default":false}},"additionalProperties":false})"),
                          needs,
                          &api,
                          create,
                          destroy,
                          nullptr};
const hw_plugin* const plugins[] = {&plugin};
const hw_module module = {sizeof(hw_module), HW_ABI_MINOR, 0, 1, lend("tests"), plugins};

}  // namespace

extern "C" const hw_module* hw_entry_v1(void) { return &module; }
