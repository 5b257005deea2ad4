// SPDX-License-Identifier: Apache-2.0
#include "app/polling.hpp"

#include <algorithm>
#include <utility>

#include "telemetry/log.hpp"
#include "telemetry/span.hpp"

namespace headwind::app {
namespace {

constexpr unsigned throttled_until_told = 3;  // once or twice is how registries pace their callers

// An answer that makes no sense: a chain of pages that breaks off, another body under the same ETag.
bool is_doubtful(const Error& error) { return error.code == Code::invalid || error.code == Code::internal; }

}  // namespace

RegistryPolling::RegistryPolling(Executor executor, update::Registries& registries, telemetry::Metrics& metrics,
                                 telemetry::CompatMetrics& compat, const Clock& clock, PollingOptions options)
    : executor_(executor),
      registries_(registries),
      metrics_(metrics),
      compat_(compat),
      streams_(metrics.gauge("headwind_polling_streams", "Repositories that are polled, per credential identity")),
      clock_(clock),
      options_(options),
      doubt_(options.shrink_share),
      poller_(
          executor, clock, [this](schedule::Stream stream, Users users) { return ask(stream, std::move(users)); },
          options.poller) {}

RegistryPolling::~RegistryPolling() { *alive_ = false; }

void RegistryPolling::want(const inventory::Workload& workload, std::vector<update::Interest> interests,
                           std::chrono::seconds interval) {
  if (interests.empty()) return drop(workload.key);
  Wish wish{workload.access, std::move(interests), options_.interval};
  if (interval.count() != 0) wish.interval = interval;
  const auto [place, added] = wishes_.try_emplace(workload.key);
  if (!added && place->second == wish) return;
  place->second = std::move(wish);
  begin_resolving(workload.key);
}

void RegistryPolling::drop(const inventory::WorkloadKey& workload) {
  const auto wish = wishes_.find(workload);
  if (wish == wishes_.end()) return;
  for (const update::Interest& interest : wish->second.interests) told_.erase({interest.repository, workload});
  wishes_.erase(wish);
  poller_.drop(workload);
  note_streams();
}

void RegistryPolling::note_streams() {
  constexpr std::size_t slack = 64;
  const schedule::Timetable& timetable = poller_.timetable();
  streams_.set(static_cast<double>(timetable.streams()));
  if (doubt_.size() > 2 * timetable.streams() + slack)
    doubt_.keep([&](const schedule::Stream& stream) { return timetable.has(stream); });
}

void RegistryPolling::open() {
  wants_open_ = true;
  open_when_resolved();
}

void RegistryPolling::open_when_resolved() {
  if (wants_open_ && !closed_ && resolving_ == 0 && !poller_.is_open()) poller_.open();
}

void RegistryPolling::close() {
  closed_ = true;
  poller_.close();
}

void RegistryPolling::begin_resolving(const inventory::WorkloadKey& key) {
  ++resolving_;
  spawn(executor_, "polling identity", resolve(alive_, this, key, wishes_.at(key)));
}

// Who reads for the workload has to be found out first. Where that cannot be told for now, it gets a stream under the
// name of its access, and is asked about again when that is due.
Task<> RegistryPolling::resolve(std::shared_ptr<bool> alive, RegistryPolling* self, inventory::WorkloadKey key,
                                Wish wish) {
  std::set<schedule::Stream> streams;
  for (const update::Interest& interest : wish.interests) {
    const Result<Symbol> identity = co_await self->registries_.identity(interest.repository.str(), wish.access);
    if (!*alive) co_return;
    streams.insert({interest.repository, identity ? *identity : wish.access});
  }
  --self->resolving_;
  const auto now = self->wishes_.find(key);
  if (now != self->wishes_.end() && now->second == wish) {  // else changed meanwhile
    self->poller_.want(key, streams, wish.interval);
    self->note_streams();
  }
  self->open_when_resolved();
}

Task<RegistryPolling::Sorted> RegistryPolling::sort(schedule::Stream stream, Users users) {
  std::map<Symbol, Result<Symbol>> identities;
  for (const inventory::WorkloadKey& user : users)
    if (const auto wish = wishes_.find(user); wish != wishes_.end())
      identities.emplace(wish->second.access, make_error(Code::internal, "not asked yet"));
  for (auto& [access, identity] : identities) identity = co_await registries_.identity(stream.repository.str(), access);
  Sorted sorted;
  for (const inventory::WorkloadKey& user : users) {
    const auto wish = wishes_.find(user);
    const auto found = wish == wishes_.end() ? identities.end() : identities.find(wish->second.access);
    if (found == identities.end()) continue;  // gone, or changed meanwhile: then it is on its way to another stream
    const auto& [access, identity] = *found;
    if (!identity) {
      sorted.unknown.push_back(user);
      sorted.trouble = identity.error();
    } else if (*identity != stream.identity) {
      sorted.others.push_back(user);
    } else {
      sorted.theirs.push_back(user);
      if (!sorted.access) sorted.access = access;
    }
  }
  co_return sorted;
}

TagNeeds RegistryPolling::needs_of(Symbol repository, const Users& users) const {
  TagNeeds needs;
  for (const inventory::WorkloadKey& user : users)
    if (const auto wish = wishes_.find(user); wish != wishes_.end())
      for (const update::Interest& interest : wish->second.interests) {
        if (interest.repository != repository) continue;
        needs.list = needs.list || interest.list;
        if (!interest.tag.empty()) needs.tags.insert(interest.tag);
      }
  return needs;
}

std::optional<Error> RegistryPolling::trouble_of(const inventory::WorkloadKey& user, Symbol repository,
                                                 const TagReading& reading) const {
  const auto wish = wishes_.find(user);
  if (wish == wishes_.end()) return std::nullopt;
  for (const update::Interest& interest : wish->second.interests) {
    if (interest.repository != repository) continue;
    if (interest.list && reading.no_list) return reading.no_list;
    const auto missed = reading.missed.find(interest.tag);
    // Deleted upstream: newer tags still count.
    const bool passes = missed == reading.missed.end() || (interest.list && missed->second.code == Code::not_found);
    if (!passes) return missed->second;
  }
  return std::nullopt;
}

void RegistryPolling::tell(Symbol repository, const Error& error, const Users& users) {
  // What passes by itself counts its tries and seconds in its sentence: that it does is no news.
  const std::string gist = error.retryable ? std::string(to_string(error.code)) : error.message;
  Users news;
  for (const inventory::WorkloadKey& user : users) {
    Told& told = told_[{repository, user}];
    if (error.code == Code::throttled && ++told.throttled < throttled_until_told) continue;
    if (std::exchange(told.gist, gist) != gist) news.push_back(user);
  }
  engine_->unlisted(repository, error.message, users, news);
}

void RegistryPolling::tell_over(Symbol repository, const Users& users) {
  std::size_t over = 0;
  for (const inventory::WorkloadKey& user : users) {
    const auto told = told_.find({repository, user});
    if (told == told_.end()) continue;
    over += told->second.gist.empty() ? 0U : 1U;
    told_.erase(told);
  }
  if (over != 0) telemetry::info("update", "tags read again", {{"repository", repository.str()}, {"workloads", over}});
}

RegistryPolling::Users RegistryPolling::fail(Symbol repository, const Error& error, const Users& users) {
  compat_.polling_errors_total.add();
  tell(repository, error, users);
  return error.retryable ? users : Users{};
}

Task<schedule::Poller::Answer> RegistryPolling::ask(schedule::Stream stream, Users users) {
  Sorted sorted = co_await sort(stream, std::move(users));
  for (const inventory::WorkloadKey& user : sorted.others) begin_resolving(user);
  const Users unknown = sorted.unknown;
  if (sorted.trouble) {
    compat_.polling_errors_total.add();
    tell(stream.repository, *sorted.trouble, unknown);
  }
  schedule::Poller::Answer answer;
  if (sorted.access) answer = co_await ask_for(stream, std::move(sorted));
  answer.unserved.insert(answer.unserved.end(), unknown.begin(), unknown.end());
  co_return answer;
}

Task<schedule::Poller::Answer> RegistryPolling::ask_for(schedule::Stream stream, Sorted sorted) {
  compat_.polling_cycles_total.add();
  telemetry::Span span("poll", {.always_a_root = true});
  span.set("container.image.name", stream.repository.str());
  const std::int64_t began_ms = clock_offset();
  const TagNeeds needed = needs_of(stream.repository, sorted.theirs);
  TagReading reading =
      co_await read_tags(registries_, compat_, clock_, stream.repository.str(), needed, *sorted.access);
  const Sorted after = co_await sort(stream, sorted.theirs);
  for (const inventory::WorkloadKey& user : after.others) begin_resolving(user);
  const bool same_reader = std::any_of(after.theirs.begin(), after.theirs.end(),
                                       [&](const auto& user) { return wishes_.at(user).access == *sorted.access; });
  Users served, unserved = after.unknown;
  const auto again = [&](const Users& users) { unserved.insert(unserved.end(), users.begin(), users.end()); };
  // The credential was changed while it was used: whose list is it?
  if (!same_reader) {
    again(after.theirs);
    co_return schedule::Poller::Answer{{}, unserved};
  }
  const bool anything = reading.listed || !reading.candidates.empty();
  if (const auto doubted = anything ? doubt_.about_time(stream, began_ms, clock_offset()) : std::nullopt) {
    count_doubted(doubted->reason);
    again(fail(stream.repository, make_error(Code::invalid, doubted->sentence), after.theirs));
    co_return schedule::Poller::Answer{reading.outcome, unserved};
  }
  doubt_list(stream, needed, reading);
  std::map<std::string, std::pair<Error, Users>> failed;  // by sentence
  for (const inventory::WorkloadKey& user : after.theirs) {
    const auto trouble = trouble_of(user, stream.repository, reading);
    if (!needed.cover(needs_of(stream.repository, {user})))
      unserved.push_back(user);  // it wants something else since
    else if (trouble)
      failed.try_emplace(trouble->message, *trouble, Users{}).first->second.second.push_back(user);
    else
      served.push_back(user);
  }
  tell_over(stream.repository, served);
  for (const auto& [sentence, failure] : failed) again(fail(stream.repository, failure.first, failure.second));
  if (!served.empty())
    engine_->listed(stream.repository,
                    std::make_shared<const std::vector<update::Candidate>>(std::move(reading.candidates)), served);
  co_return schedule::Poller::Answer{reading.outcome, unserved};
}

void RegistryPolling::count_doubted(std::string_view reason) {
  metrics_
      .counter("headwind_polling_doubted_total", "Readings of tags that were not believed, by reason",
               {{"reason", std::string(reason)}})
      .add();
}

// A list that is not believed leaves those who need a tag's digest only with what they need.
void RegistryPolling::doubt_list(const schedule::Stream& stream, const TagNeeds& needs, TagReading& reading) {
  if ((reading.no_list && is_doubtful(*reading.no_list)) ||
      std::any_of(reading.missed.begin(), reading.missed.end(),
                  [](const auto& tag) { return is_doubtful(tag.second); }))
    count_doubted("answer");
  const auto doubted = reading.listed ? doubt_.about(stream, *reading.listed) : std::nullopt;
  if (!doubted) return;
  count_doubted(doubted->reason);
  reading.no_list = make_error(Code::invalid, doubted->sentence);
  std::erase_if(reading.candidates,
                [&](const update::Candidate& row) { return row.digest.empty() || !needs.tags.contains(row.tag); });
}

}  // namespace headwind::app
