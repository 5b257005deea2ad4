// SPDX-License-Identifier: Apache-2.0
#include "update/confirmer.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "telemetry/log.hpp"
#include "update/baseline.hpp"
#include "update/proposer.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

// Under whose names the workloads of a repository read it now.
struct Readers {
  std::map<Symbol, Symbol> identities;  // by access
  std::map<Symbol, Error> failed;       // accesses whose identity could not be found out

  std::optional<Symbol> access_of(Symbol identity) const {
    for (const auto& [access, reads_as] : identities)
      if (reads_as == identity) return access;
    return std::nullopt;
  }
  bool may_recover() const {
    return std::any_of(failed.begin(), failed.end(), [](const auto& item) { return item.second.retryable; });
  }
};

std::vector<inventory::WorkloadKey> users_of(Context& context, const std::string& key,
                                             const std::function<bool(Symbol)>& is_theirs) {
  const HintBook::Entry& entry = *context.hints.find(key);
  std::vector<inventory::WorkloadKey> users;
  for (const inventory::WorkloadKey& one : context.inventory.using_repository(entry.hint.repository)) {
    if (entry.only && !entry.only->contains(one)) continue;
    if (const inventory::Workload* user = context.inventory.find(one); user != nullptr && is_theirs(user->access))
      users.push_back(one);
  }
  return users;
}

// Of those who look at the hint when this returns.
Task<Readers> readers_of(Context& context, std::string hint) {
  const std::string repository = context.hints.find(hint)->hint.repository;
  std::set<Symbol> accesses;
  for (const inventory::WorkloadKey& key : context.inventory.using_repository(repository))
    if (const inventory::Workload* user = context.inventory.find(key)) accesses.insert(user->access);
  Readers readers;
  for (const Symbol access : accesses) {
    const Result<Symbol> identity = co_await context.ports.registries.identity(repository, access);
    if (identity)
      readers.identities.emplace(access, *identity);
    else
      readers.failed.emplace(access, identity.error());
  }
  if (context.hints.find(hint)->only) {  // looked at last: it may have come anew while we asked, and concern all
    std::set<Symbol> theirs;
    users_of(context, hint, [&](Symbol access) { return theirs.insert(access).second; });
    std::erase_if(readers.identities, [&](const auto& item) { return !theirs.contains(item.first); });
    std::erase_if(readers.failed, [&](const auto& item) { return !theirs.contains(item.first); });
  }
  co_return readers;
}

std::function<bool(Symbol)> reads_as(const Readers& readers, Symbol identity) {
  return [&readers, identity](Symbol access) {
    const auto found = readers.identities.find(access);
    return found != readers.identities.end() && found->second == identity;
  };
}

// To those whom it concerns, and to nobody else: who only polls does not listen to what is announced.
void tell(Context& context, const std::string& key, const Error& error,
          const std::vector<inventory::WorkloadKey>& users) {
  const Origin origin = context.hints.find(key)->hint.origin;
  for (const inventory::WorkloadKey& user : users)
    if (const inventory::Workload* found = context.inventory.find(user);
        found != nullptr && settings_of(context, *found).follows(origin))
      record_event(context, *found, true, "TagNotConfirmed", key + " was announced, but: " + error.message);
}

void refuse(Context& context, const std::string& key, const Error& error,
            const std::vector<inventory::WorkloadKey>& users, bool told = false) {
  telemetry::error("update", "pushed tag not confirmed; nothing is changed",
                   {{"image", key}, {"workloads", users.size()}, {"error", error.message}});
  context.hints.find(key)->refused = true;
  // Another plugin, or other settings of it, may know better; but a tag that is not there is no matter of plugins.
  if (error.code != Code::not_found) context.set_aside.put(context.hints.find(key)->hint, {users.begin(), users.end()});
  if (!told) tell(context, key, error, users);
}

// The sender told of another digest than the registry, which names the one that runs already: a mirror, or a registry
// of several parts, that has not heard of the push yet.
bool is_behind(Context& context, const Hint& hint, const std::string& digest,
               const std::vector<inventory::WorkloadKey>& users) {
  if (hint.digest.empty() || hint.digest == digest) return false;
  for (const inventory::WorkloadKey& user : users) {
    const inventory::Workload* workload = context.inventory.find(user);
    if (workload == nullptr) continue;
    for (const inventory::Slot& slot : workload->slots)
      if (slot.repository == hint.repository && baseline_of(context, *workload, slot) == digest) return true;
  }
  return false;
}

// One of those that were under way has ended.
void leave(Context& context, const std::string& key) {
  HintBook::Entry* entry = context.hints.find(key);
  if (--entry->under_way != 0 || !entry->waiting.empty()) return;
  if (entry->refused && entry->confirmed == 0) context.metrics.refused.add();
  finish_hint(context, key);
}

// 1, 2, 4 ... 30 s for a tag that may still be on its way; up to 5 min for a registry that is down.
std::int64_t next_wait(const Error& error, unsigned attempt) {
  const std::int64_t cap = error.code == Code::not_found ? 30'000 : 300'000;
  return std::max<std::int64_t>(error.retry_after.count(), std::min(cap, backoff_ms(attempt)));
}

Task<> look(Context& context, std::string key, Symbol identity);

// A look under each identity that has none under way and has not seen the last announcement.
void start_looks(Context& context, const std::string& key, const Readers& readers) {
  HintBook::Entry& entry = *context.hints.find(key);
  for (const auto& [access, identity] : readers.identities) {
    HintBook::Look& one = entry.looks[identity];
    if (one.under_way || one.asked == entry.announced) continue;
    one.under_way = true;
    ++entry.under_way;
    spawn(context.executor, "confirm", look(context, key, identity));
  }
}

// The registry knows the tag: the workloads that read under that identity look at it, each with what it saw.
void accept(Context& context, const std::string& key, Symbol identity, const Readers& readers,
            const std::string& digest) {
  HintBook::Entry& entry = *context.hints.find(key);
  entry.asked_ms = context.clock.mono_ms();
  context.swept.announced.put(key + "@" + digest);
  const std::uint64_t asked = entry.looks[identity].asked;
  if (entry.confirmed < asked) {
    entry.confirmed = asked;
    context.metrics.confirmed.add();
  }
  for (const inventory::WorkloadKey& user : users_of(context, key, reads_as(readers, identity))) {
    entry.waiting.insert_or_assign(user, digest);
    context.queue->add(user);
  }
  start_looks(context, key, readers);  // for those that came meanwhile, or read under another name by now
}

// A tag that is announced without pause is asked for once per pause, not once per announcement.
Task<> pause(Context& context, std::string key) {
  const HintBook::Entry* entry = context.hints.find(key);
  if (!entry->asked_ms) co_return;
  const std::int64_t wait = *entry->asked_ms + context.options.confirm_pause.count() - context.clock.mono_ms();
  if (wait > 0) co_await sleep_for(std::chrono::milliseconds(wait));
}

Task<> look_until_known(Context& context, std::string key, Symbol identity) {
  constexpr unsigned patience = 2;  // attempts, some seconds, before somebody is told that access is denied
  std::int64_t since = context.clock.mono_ms();
  bool told = false;
  for (unsigned attempt = 0;; ++attempt) {
    const Hint hint = context.hints.find(key)->hint;
    const Readers readers = co_await readers_of(context, key);
    const std::optional<Symbol> access = readers.access_of(identity);
    if (!access && !readers.may_recover()) co_return;  // nobody reads under that name any more
    if (!access) {
      co_await sleep_for(std::chrono::milliseconds(backoff_ms(attempt)));
      continue;
    }
    HintBook::Entry* entry = context.hints.find(key);
    entry->looks[identity].asked = entry->announced;
    const Result<std::string> digest = co_await context.ports.registries.digest(hint.repository, hint.tag, *access);
    const Readers after = co_await readers_of(context, key);
    entry = context.hints.find(key);
    if (!after.identities.contains(*access) || after.identities.at(*access) != identity) {
      entry->looks[identity].asked = 0;  // the credential was changed while it was used: whose answer is it?
      start_looks(context, key, after);
      continue;
    }
    const auto users = users_of(context, key, reads_as(after, identity));
    const bool in_time = context.clock.mono_ms() - since < context.options.confirm_window.count();
    if (digest && in_time && is_behind(context, hint, *digest, users)) {
      co_await sleep_for(std::chrono::milliseconds(next_wait(make_error(Code::not_found, {}), attempt)));
      continue;
    }
    if (digest) {
      accept(context, key, identity, after, *digest);
      if (entry->looks[identity].asked == entry->announced) co_return;
      // Announced once more while we asked: the workloads go on with what is known, and the look is repeated.
      since = context.clock.mono_ms();
      attempt = 0;
      co_await pause(context, key);
      continue;
    }
    const Code code = digest.error().code;
    const bool hopeless = code == Code::invalid || code == Code::unsupported;
    const bool may_pass = code == Code::not_found || code == Code::denied;
    if (hopeless || (may_pass && !in_time)) {
      refuse(context, key, digest.error(), users, told);
      co_return;
    }
    if (code == Code::denied && attempt >= patience && !told) {
      tell(context, key, digest.error(), users);
      told = true;
    }
    if (attempt == 0)
      telemetry::warn("update", "pushed tag not confirmed yet; asking again",
                      {{"image", key}, {"error", digest.error().message}});
    co_await sleep_for(std::chrono::milliseconds(next_wait(digest.error(), attempt)));
  }
}

Task<> look(Context& context, std::string key, Symbol identity) {
  {
    const Hint hint = context.hints.find(key)->hint;
    telemetry::Span span("look up", {.parent = hint.trace});
    name_image(span, hint.repository, hint.tag, hint.digest);
    co_await look_until_known(context, key, identity);
    const HintBook::Entry* entry = context.hints.find(key);
    if (entry->refused && entry->confirmed == 0) span.fail("the tag was not confirmed", "refused");
  }
  context.hints.find(key)->looks[identity].under_way = false;
  leave(context, key);
}

// Finds out under whose names to ask. Those for whom that cannot be told for now hold up nobody else.
Task<> group(Context& context, std::string key) {
  co_await pause(context, key);
  std::set<Symbol> told;
  bool waits = false;
  for (unsigned attempt = 0;; ++attempt) {
    const Readers readers = co_await readers_of(context, key);
    HintBook::Entry* entry = context.hints.find(key);
    entry->grouping = false;
    start_looks(context, key, readers);
    for (const auto& [access, error] : readers.failed)
      if (!error.retryable && told.insert(access).second)
        refuse(context, key, error, users_of(context, key, [one = access](Symbol a) { return a == one; }));
    if (!readers.may_recover() || (!waits && entry->waits_for_identity)) break;
    entry->waits_for_identity = waits = true;
    co_await sleep_for(std::chrono::milliseconds(backoff_ms(attempt)));
  }
  if (waits) context.hints.find(key)->waits_for_identity = false;
  leave(context, key);
}

}  // namespace

void confirm(Context& context, const std::string& key) {
  HintBook::Entry* entry = context.hints.find(key);
  if (entry == nullptr || entry->grouping) return;
  entry->grouping = true;
  ++entry->under_way;
  spawn(context.executor, "confirm", group(context, key));
}

}  // namespace headwind::update
