// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/tag_reading.hpp"
#include "schedule/doubt.hpp"
#include "schedule/poller.hpp"
#include "telemetry/metrics.hpp"
#include "update/engine.hpp"
#include "update/ports.hpp"

namespace headwind::app {

struct PollingOptions {
  std::chrono::milliseconds interval{300'000};  // where a workload does not say
  double shrink_share = 0.5;                    // see schedule::Doubt
  schedule::PollerOptions poller = {};
};

// The engine's Polling port: turns wishes of workloads into streams, reads each once for all its users, and hands on
// what can be believed. Nobody is served from a list that was read under another identity than his own: who somebody
// is is asked before and after each reading, and whoever is somebody else by then gets a stream of his own.
class RegistryPolling final : public update::Polling {
 public:
  RegistryPolling(Executor executor, update::Registries& registries, telemetry::Metrics& metrics,
                  telemetry::CompatMetrics& compat, const Clock& clock, PollingOptions options);
  ~RegistryPolling() override;
  RegistryPolling(const RegistryPolling&) = delete;
  RegistryPolling& operator=(const RegistryPolling&) = delete;

  // Where lists go. Before this nothing is asked.
  void connect(update::Engine& engine) { engine_ = &engine; }
  // When each repository was asked last and how many of its tags were believed, from before the start; before open().
  void remember(schedule::Timetable::Memory asked, schedule::Doubt::Memory believed) {
    poller_.remember(std::move(asked));
    doubt_.remember(std::move(believed));
  }
  std::size_t believed(Symbol repository) const { return doubt_.believed(repository); }
  const schedule::Timetable& timetable() const { return poller_.timetable(); }
  void close();

  void want(const inventory::Workload& workload, std::vector<update::Interest> interests,
            std::chrono::seconds interval) override;
  void drop(const inventory::WorkloadKey& workload) override;
  // Begins once it is known under whose names all of them read.
  void open() override;

 private:
  using Users = std::vector<inventory::WorkloadKey>;
  struct Wish {
    Symbol access;
    std::vector<update::Interest> interests;
    std::chrono::milliseconds interval{};
    bool operator==(const Wish&) const = default;
  };
  // Who the users of a stream are now.
  struct Sorted {
    Users theirs, others, unknown;  // of the stream's identity, of another, not to be told for now
    std::optional<Symbol> access;   // of one of `theirs`
    std::optional<Error> trouble;   // why it cannot be told
  };

  static Task<> resolve(std::shared_ptr<bool> alive, RegistryPolling* self, inventory::WorkloadKey key, Wish wish);
  void begin_resolving(const inventory::WorkloadKey& key);
  void open_when_resolved();
  Task<Sorted> sort(schedule::Stream stream, Users users);
  Task<schedule::Poller::Answer> ask(schedule::Stream stream, Users users);
  Task<schedule::Poller::Answer> ask_for(schedule::Stream stream, Sorted sorted);
  void doubt_list(const schedule::Stream& stream, const TagNeeds& needs, TagReading& reading);
  void count_doubted(std::string_view reason);
  // Nothing was read for `users`. Those for whom another try may help.
  Users fail(Symbol repository, const Error& error, const Users& users);
  TagNeeds needs_of(Symbol repository, const Users& users) const;
  // Why `user` is not served by what was read; nothing: it is.
  std::optional<Error> trouble_of(const inventory::WorkloadKey& user, Symbol repository,
                                  const TagReading& reading) const;
  // Tells each user once, until it changes or is over.
  void tell(Symbol repository, const Error& error, const Users& users);
  void tell_over(Symbol repository, const Users& users);
  std::int64_t clock_offset() const { return clock_.unix_ms() - clock_.mono_ms(); }
  void note_streams();

  Executor executor_;
  update::Registries& registries_;
  telemetry::Metrics& metrics_;
  telemetry::CompatMetrics& compat_;
  telemetry::Gauge streams_;
  const Clock& clock_;
  PollingOptions options_;
  update::Engine* engine_ = nullptr;
  std::map<inventory::WorkloadKey, Wish> wishes_;
  struct Told {
    std::string gist;
    unsigned throttled = 0;  // times in a row
  };
  std::map<std::pair<Symbol, inventory::WorkloadKey>, Told> told_;
  schedule::Doubt doubt_;
  std::size_t resolving_ = 0;  // wishes whose identities are being asked for
  bool wants_open_ = false, closed_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  schedule::Poller poller_;
};

}  // namespace headwind::app
