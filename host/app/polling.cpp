// SPDX-License-Identifier: Apache-2.0
#include "app/polling.hpp"

#include <algorithm>
#include <utility>

#include "telemetry/log.hpp"

namespace headwind::app {

RegistryPolling::RegistryPolling(Executor executor, update::Registries& registries, telemetry::Metrics& metrics,
                                 telemetry::CompatMetrics& compat, const Clock& clock, std::chrono::seconds interval)
    : executor_(executor),
      registries_(registries),
      compat_(compat),
      doubted_(metrics.counter("headwind_polling_doubted_total", "Lists of tags that were not believed")),
      streams_(metrics.gauge("headwind_polling_streams", "Repositories that are polled, per credential identity")),
      interval_(interval),
      poller_(executor, clock,
              [this](schedule::Stream stream, std::vector<inventory::WorkloadKey> users) {
                return ask(stream, std::move(users));
              },
              {}) {}

void RegistryPolling::want(const inventory::Workload& workload, std::vector<Symbol> repositories,
                           std::vector<std::pair<Symbol, std::string>> moving, std::chrono::seconds interval) {
  if (repositories.empty()) return drop(workload.key);
  Wish wish{workload.access, std::move(repositories), std::move(moving), interval.count() != 0 ? interval : interval_};
  const auto [place, added] = wishes_.try_emplace(workload.key);
  if (!added && place->second == wish) return;
  place->second = wish;
  spawn(executor_, "polling identity", resolve(alive_, this, workload.key, std::move(wish)));
}

void RegistryPolling::drop(const inventory::WorkloadKey& workload) {
  if (wishes_.erase(workload) == 0) return;
  poller_.drop(workload);
  streams_.set(static_cast<double>(poller_.timetable().streams()));
}

// Who reads for the workload has to be found out first; where it cannot be, the workload reads under its own name.
Task<> RegistryPolling::resolve(std::shared_ptr<bool> alive, RegistryPolling* self, inventory::WorkloadKey key,
                                Wish wish) {
  std::set<schedule::Stream> streams;
  for (const Symbol repository : wish.repositories) {
    const Result<Symbol> identity = co_await self->registries_.identity(repository.str(), wish.access);
    if (!*alive) co_return;
    streams.insert({repository, identity ? *identity : wish.access});
  }
  const auto now = self->wishes_.find(key);
  if (now == self->wishes_.end() || now->second != wish) co_return;  // changed meanwhile
  self->poller_.want(key, streams, wish.interval);
  self->streams_.set(static_cast<double>(self->poller_.timetable().streams()));
}

std::set<std::string> RegistryPolling::moving_tags(const schedule::Stream& stream,
                                                   const std::vector<inventory::WorkloadKey>& users) const {
  std::set<std::string> tags;
  for (const inventory::WorkloadKey& user : users)
    if (const auto wish = wishes_.find(user); wish != wishes_.end())
      for (const auto& [repository, tag] : wish->second.moving)
        if (repository == stream.repository) tags.insert(tag);
  return tags;
}

void RegistryPolling::tell(const schedule::Stream& stream, const std::string& sentence,
                           const std::vector<inventory::WorkloadKey>& users) {
  std::string& told = told_[stream];
  if (told == sentence) return;
  told = sentence;
  engine_->unlisted(stream.repository, sentence, users);
}

Task<Result<>> RegistryPolling::ask(schedule::Stream stream, std::vector<inventory::WorkloadKey> users) {
  compat_.polling_cycles_total.add();
  const Result<> outcome = co_await read(stream, users);
  if (outcome) {
    told_.erase(stream);
  } else {
    compat_.polling_errors_total.add();
    tell(stream, outcome.error().message, users);
  }
  co_return outcome;
}

Task<Result<>> RegistryPolling::read(schedule::Stream stream, std::vector<inventory::WorkloadKey> users) {
  const auto some = std::find_if(users.begin(), users.end(), [&](const auto& user) { return wishes_.contains(user); });
  if (some == users.end()) co_return Result<>{};
  const Symbol access = wishes_.at(*some).access;
  Result<std::vector<update::Candidate>> tags = co_await registries_.tags(stream.repository.str(), access);
  if (!tags) co_return tags.error();
  if (const auto doubt = doubt_.about(stream, tags->size())) {
    doubted_.add();
    co_return make_error(Code::invalid, *doubt);
  }
  for (const std::string& moving : moving_tags(stream, users)) {
    const Result<std::string> digest = co_await registries_.digest(stream.repository.str(), moving, access);
    if (!digest && digest.error().code == Code::not_found) continue;  // deleted upstream: newer tags still count
    if (!digest) co_return digest.error();
    const auto row =
        std::find_if(tags->begin(), tags->end(), [&](const update::Candidate& c) { return c.tag == moving; });
    if (row != tags->end())
      row->digest = *digest;
    else
      tags->push_back({moving, *digest});
  }
  engine_->listed(stream.repository, std::make_shared<const std::vector<update::Candidate>>(std::move(*tags)), users);
  co_return Result<>{};
}

}  // namespace headwind::app
