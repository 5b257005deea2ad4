// SPDX-License-Identifier: Apache-2.0
#include "update/confirmer.hpp"

#include <algorithm>
#include <utility>

#include "telemetry/log.hpp"

namespace headwind::update {
namespace {

void refuse(Context& context, const std::string& key, const Hint& hint, const Error& error) {
  telemetry::error("update", "pushed tag not confirmed; nothing is changed",
                   {{"image", key}, {"error", error.message}});
  context.metrics.refused.add();
  for (const inventory::WorkloadKey& workload : context.inventory.using_repository(hint.repository))
    if (const inventory::Workload* found = context.inventory.find(workload))
      record_event(context, *found, true, "TagNotConfirmed", key + " was announced, but: " + error.message);
  finish_hint(context, key);
}

// The registry knows the tag: every workload of the repository looks at it.
void accept(Context& context, HintBook::Entry& entry, const std::string& key, const std::string& digest) {
  entry.digest = digest;
  entry.asked_ms = context.clock.mono_ms();
  // Announced once more while we asked: the workloads go on with what is known, and the look-up is repeated.
  entry.confirming = entry.again;
  context.metrics.confirmed.add();
  const auto users = context.inventory.using_repository(entry.hint.repository);
  entry.waiting.insert(users.begin(), users.end());
  for (const inventory::WorkloadKey& user : users) context.queue->add(user);
  if (users.empty()) finish_hint(context, key);
}

// 1, 2, 4 ... 30 s for a tag that may still be on its way; up to 5 min for a registry that is down.
std::int64_t next_wait(const Error& error, unsigned attempt) {
  const std::int64_t cap = error.code == Code::not_found ? 30'000 : 300'000;
  return std::max<std::int64_t>(error.retry_after.count(), std::min(cap, backoff_ms(attempt)));
}

// Some workload's that uses the repository: whoever may pull there, pulls the same digest.
Symbol access_to(Context& context, const Hint& hint) {
  for (const inventory::WorkloadKey& key : context.inventory.using_repository(hint.repository))
    if (const inventory::Workload* user = context.inventory.find(key); user != nullptr && !user->access.empty())
      return user->access;
  return {};
}

Task<> run(Context& context, std::string key) {
  std::int64_t since = context.clock.mono_ms();
  unsigned attempt = 0;
  for (;;) {
    HintBook::Entry* entry = context.hints.find(key);
    if (entry == nullptr) co_return;
    // A tag that is announced without pause is asked for once per pause, not once per announcement.
    const std::int64_t pause = context.options.confirm_pause.count();
    const std::int64_t early = entry->asked_ms ? *entry->asked_ms + pause - context.clock.mono_ms() : 0;
    if (early > 0) {
      co_await sleep_for(std::chrono::milliseconds(early));
      entry = context.hints.find(key);
      if (entry == nullptr) co_return;
    }
    entry->again = false;
    const Hint hint = entry->hint;
    const Result<std::string> digest =
        co_await context.ports.registries.digest(hint.repository, hint.tag, access_to(context, hint));
    entry = context.hints.find(key);
    if (entry == nullptr) co_return;
    if (digest) {
      const bool again = entry->again;
      accept(context, *entry, key, *digest);
      if (!again) co_return;
      attempt = 0;
      since = context.clock.mono_ms();
      continue;
    }
    const Code code = digest.error().code;
    const bool hopeless = code == Code::invalid || code == Code::unsupported;
    const bool may_pass = code == Code::not_found || code == Code::denied;
    if (hopeless || (may_pass && context.clock.mono_ms() - since >= context.options.confirm_window.count())) {
      refuse(context, key, hint, digest.error());
      co_return;
    }
    if (attempt++ == 0)
      telemetry::warn("update", "pushed tag not confirmed yet; asking again",
                      {{"image", key}, {"error", digest.error().message}});
    co_await sleep_for(std::chrono::milliseconds(next_wait(digest.error(), attempt - 1)));
  }
}

}  // namespace

void confirm(Context& context, const std::string& key) {
  HintBook::Entry* entry = context.hints.find(key);
  if (entry == nullptr || entry->confirming) return;
  entry->confirming = true;
  spawn(context.executor, "confirm", run(context, key));
}

}  // namespace headwind::update
