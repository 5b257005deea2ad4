// SPDX-License-Identifier: Apache-2.0
// The one engine: hints, workloads and requests go in as keys; patches, requests and notifications come out.
// Level-triggered: a key says only what to look at; the same key never runs twice at once; a crash replays harmlessly.
// Owns all update state on one thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "inventory/inventory.hpp"
#include "telemetry/metrics.hpp"
#include "update/history.hpp"
#include "update/ports.hpp"
#include "update/request_observer.hpp"

namespace headwind::update {

// Looking at the lists of workloads that listen to webhooks only, for pushes that no webhook announced (decisions 17).
enum class SweepMode : std::uint8_t { off, report, apply };

struct EngineOptions {
  std::chrono::seconds min_update_interval{300};  // where the annotation is absent
  std::chrono::milliseconds request_lifetime{24LL * 3600 * 1000};
  std::chrono::milliseconds confirm_window{300'000};  // how long a pushed tag that answers 404 is asked for again
  std::chrono::milliseconds confirm_pause{1000};      // from one look-up of a tag to the next, if it is pushed again
  std::vector<std::string> platforms;                 // that an image must run on; empty: those of the one it replaces
  SweepMode sweep = SweepMode::off;
  std::chrono::seconds sweep_interval{6LL * 3600};
  bool namespaces = false;            // what is said of namespaces is waited for before anything is decided
  bool chart_discovery = true;        // charts are looked for in any case; else as images are
  bool polling = true;                // workloads that ask for it are polled; else the port serves the sweep only
  std::size_t concurrency = 16;       // reconciles under way at once, for each set of registry hosts
  std::size_t all_concurrency = 128;  // and for all of them
  std::chrono::milliseconds health_check_interval{10'000};  // between two of headwind.sh/health-check-retries
  std::chrono::milliseconds rollout_settle{10'000};         // so long must a rollout stay complete to count
  std::size_t max_rollouts = 0;                             // at once; 0: as many as come
  std::size_t max_rollouts_per_namespace = 0;
  std::size_t inbox_bytes = 128U << 10U;    // then hints are refused
  bool exclude_trigger = false;             // whoever made a request may not approve it
  std::chrono::seconds gone_patience{600};  // how long a request waits for a workload that is gone
  std::size_t kept_finished = 10;           // finished requests of a workload, and for how long they are kept
  std::chrono::milliseconds kept_for{30LL * 24 * 3600 * 1000};
};

struct RollbackOrder {
  inventory::WorkloadKey target;
  std::string container;
  std::optional<std::size_t> index;  // 0: the newest entry; absent: the newest earlier one that is not bad
  std::string user, reason;
};
struct RollbackOutcome {
  std::string image;  // what runs now
  std::string request_name;
};

struct Explanation;  // update/explanation.hpp

class Engine {
 public:
  Engine(Executor executor, inventory::Inventory& inventory, Ports ports, telemetry::Metrics& metrics,
         telemetry::CompatMetrics& compat, const Clock& clock, EngineOptions options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Reads the inbox. Before the inventory is complete and this has run, nothing is decided.
  Task<Result<>> start();
  // No new work; returns when what was under way has ended.
  Task<> drain();

  // --- hints. Returns once the hint is durable, dealt with, or known to concern nobody. Code::throttled: full.
  Task<Result<>> take(std::vector<Hint> hints);

  // --- what the watches saw
  // The tags of `repository`, as read for `users`: each decides once from them, as a part of the current span's trace.
  void listed(Symbol repository, std::shared_ptr<const std::vector<Candidate>> tags,
              const std::vector<inventory::WorkloadKey>& users);
  // The tags of `repository` could not be read, or are not believed: nothing is updated on them. `told`: those of the
  // users who have not heard of it.
  void unlisted(Symbol repository, const std::string& sentence, const std::vector<inventory::WorkloadKey>& users,
                const std::vector<inventory::WorkloadKey>& told);

  // Sets the gauges that grow by themselves: ages of the queue and the inbox. For telemetry::Metrics::before_reading.
  void measure();

  // How far the rollout of a workload is that Ports::rollouts was told to follow. Code::unsupported: its plugin cannot
  // tell; any other error: it could not be seen just now.
  void rollout_seen(const inventory::WorkloadKey& workload, const Result<RolloutView>& seen);

  void workload_changed(inventory::Workload workload);
  void workload_removed(const inventory::WorkloadKey& key);
  void workload_list_started(Symbol kind);
  void workload_list_finished(Symbol kind);
  // headwind.sh/suspend of a namespace holds for all its workloads.
  void namespace_seen(const std::string& name, bool suspended);
  void namespaces_listed();
  // Policies or registries have come, gone, or been replaced: what was held because of them is looked at again, and
  // what was pushed or listed meanwhile counts. Nothing is asked of registries for workloads that wait for nothing.
  void plugins_changed();
  void request_changed(UpdateRequest request);
  // `uid`: of the object that is gone; another one may have its name by now.
  void request_removed(const RequestKey& key, const std::string& uid);
  void request_list_started();
  void request_list_finished();

  // --- what people ask. `who` is the authenticated identity, or the name the body gave in mode none; may be empty.
  std::optional<UpdateRequest> request(const RequestKey& key) const;
  std::vector<UpdateRequest> requests() const;  // by namespace, then name
  // The same without a copy, from the first that is not below `from`, until `visit` says false.
  void each_request(const RequestKey& from, const std::function<bool(const UpdateRequest&)>& visit) const;
  // Told of every change until it is taken off; must outlive that. Calls nothing of the engine.
  void add_observer(RequestObserver& observer);
  void remove_observer(RequestObserver& observer);
  // The request as it stands afterwards. Code::not_found; Code::conflict where its phase does not allow it (the
  // message is 0.1.x's: "UpdateRequest is in Completed state, cannot approve"). A failed patch is a success here
  // with phase Failed, as in 0.1.x.
  // Where more people must approve: Pending, with a message that says how many.
  Task<Result<UpdateRequest>> approve(RequestKey key, Vote vote);
  Task<Result<UpdateRequest>> approve(RequestKey key, std::string who) {
    return approve(std::move(key), Vote{std::move(who), false, {}, {}});
  }
  Task<Result<UpdateRequest>> reject(RequestKey key, std::string who, std::string reason);
  // Forgets a remembered version: deletes the request.
  Task<Result<>> release(RequestKey key, std::string who);
  Task<Result<RollbackOutcome>> roll_back(RollbackOrder order);
  // Newest first; Code::not_found where the workload is unknown.
  Result<std::vector<HistoryEntry>> history(const inventory::WorkloadKey& target, std::string_view container) const;

  // Of the workloads that are followed: Deployment, StatefulSet, …, by name.
  std::vector<Symbol> kinds() const;
  // What holds an image or a chart's version in the workload, in its order; none where the workload is unknown.
  std::vector<std::string> containers(const inventory::WorkloadKey& target) const;

  // Why the workload runs what it runs. Code::not_found where it is unknown. May ask registries: see explain.hpp.
  Task<Result<Explanation>> explain(inventory::WorkloadKey target);

  // Rollouts that are followed and those that wait for their turn, in its order.
  struct RolloutStand {
    inventory::WorkloadKey workload;
    std::size_t position = 0;  // in the queue, from 1; 0: under way
    std::string state;         // "running", "done", "failed", "held"; empty where nothing was seen yet, or it waits
    std::string reason;
    std::int32_t ready = 0, wanted = 0;
    std::vector<std::string> images;
    std::int64_t since_ms = 0;  // of the patch
  };
  std::vector<RolloutStand> rollouts() const;

  // What happened after `since_ms` (milliseconds since 1970), oldest first: to be told to who may have missed it.
  std::vector<Notification> happened_since(std::int64_t since_ms) const;

  // --- for probes and tests
  bool ready() const;  // inventories listed, inbox read
  std::size_t hints_waiting() const;
  std::size_t queue_depth() const;
  bool idle() const;  // nothing queued or under way (timers aside)

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headwind::update
