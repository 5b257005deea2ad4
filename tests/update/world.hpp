// SPDX-License-Identifier: Apache-2.0
// One process over a Store: the engine with in-memory ports. It can be killed at any write and another started.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "store.hpp"
#include "update/engine.hpp"

namespace headwind::update::testing {

// The versions that tests use are plain numbers; the real policies have tests of their own.
class PlainPolicies final : public Policies {
 public:
  bool knows(std::string_view policy) const override;
  Task<Result<Choice>> choose(PolicyQuery query, Candidates candidates) override;

  std::set<std::string> more;    // names that are served, too, each like "minor"
  std::optional<Error> failure;  // of every choice
  std::size_t asked = 0;
  std::set<const std::vector<Candidate>*> lists;  // that were chosen from
  std::size_t beside = 0;                         // at most so many candidates beside a list
};

// As the operator's, but a tag that is pushed twice is looked up twice at once.
inline EngineOptions quick() {
  EngineOptions options;
  options.rollout_settle = options.health_check_interval = std::chrono::milliseconds(0);
  options.confirm_pause = std::chrono::milliseconds(0);
  return options;
}

class World final : public Registries,
                    public Workloads,
                    public Requests,
                    public InboxStore,
                    public Notifiers,
                    public EventRecorder,
                    public Rollouts,
                    public AdmissionPolicy {
 public:
  // `polling` makes the port for it, where one is wanted.
  // Rollouts are followed where `following` says so.
  explicit World(Store& store, EngineOptions options = quick(), const std::function<Polling*(World&)>& polling = {},
                 bool following = false);
  // Lists everything, reads the inbox, opens the engine.
  void start();
  // Runs until nothing is under way; fails the test where that takes more than some seconds.
  void settle();
  // Runs one coroutine to its end beside the engine.
  template <class T>
  T run(Task<T> task);
  Result<> push(const std::string& repository, const std::string& tag, std::string digest = {});  // and its webhook
  Result<> webhook(const std::string& repository, const std::string& tag);
  // Tells the engine of everything that was changed by hand in the store.
  void watch();

  // The process dies at its `n`th write (from 1): before it reaches the server, or after it was done.
  void die_at(std::size_t n, bool after) { die_at_ = n, die_after_ = after; }
  bool dead() const { return dead_; }
  std::size_t writes() const { return writes_; }

  Task<Result<std::string>> digest(std::string repository, std::string tag, Symbol access) override;
  Task<Result<Symbol>> identity(std::string repository, Symbol access) override;
  Task<Result<std::vector<Candidate>>> tags(std::string repository, Symbol access) override;
  Task<Result<std::vector<std::string>>> platforms(std::string repository, std::string digest, Symbol access) override;
  Task<Result<inventory::Workload>> patch(inventory::Workload workload, std::string operations) override;
  Task<Result<>> patch_object(inventory::Workload workload, std::string object, std::string operations) override;
  Task<Result<inventory::Workload>> read(inventory::WorkloadKey key) override;
  Task<Result<std::vector<RanBefore>>> ran_before(inventory::Workload workload) override;
  Task<Result<UpdateRequest>> create(UpdateRequest request) override;
  Task<Result<UpdateRequest>> patch_spec(RequestKey key, std::string merge, std::string expected) override;
  Task<Result<UpdateRequest>> patch_status(RequestKey key, std::string merge, std::string expected) override;
  Task<Result<>> remove(RequestKey key, std::string uid) override;
  Task<Result<std::vector<Hint>>> load() override;
  Task<Result<>> write(std::vector<Hint> put, std::vector<std::string> gone) override;
  void follow(const inventory::Workload& workload) override;
  void leave(const inventory::WorkloadKey& workload) override { followed.erase(workload); }
  Task<Result<RolloutView>> look(inventory::Workload workload) override;
  Task<Result<>> unblock(inventory::Workload workload, std::vector<BadImage> bad) override;
  Task<Result<>> vouches_for(UpdateRequest request) override;
  void tell(const Notification& notification) override { store.told.push_back(notification); }
  void record(const inventory::WorkloadKey& key, const std::string&, const std::string&, bool, std::string_view reason,
              std::string_view message) override;

  Store& store;
  boost::asio::io_context io{1};
  PlainPolicies policies;
  telemetry::Metrics metrics;
  telemetry::CompatMetrics compat{metrics};
  inventory::Inventory inventory;
  std::optional<Error> registry_error, list_error, patch_error, inbox_error;  // faults
  bool lose_next_answer = false;  // of a patch: it is done, and the connection breaks
  std::set<std::string> hanging;  // registry hosts that do not answer for now
  std::size_t look_ups = 0, listings = 0, platform_look_ups = 0;
  // Under whose name an access reads (absent: what stands before its '/'), and what those see who do not see the
  // whole registry: images or an error.
  std::map<std::string, Result<Symbol>> identities;
  std::map<std::string, Result<std::map<std::string, std::string>>> seen_by;
  std::map<std::string, std::size_t> asked_as;  // questions about tags and digests, by identity
  // When each list was asked for, in system_clock().mono_ms(); by identity and repository.
  std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> lists;
  std::map<std::string, std::int64_t> pushed_ms;                 // of images, where the registry tells
  std::map<std::string, std::vector<std::string>> platforms_of;  // by digest; absent: nobody can tell
  std::function<void()> while_asked;                             // runs while the registry looks a tag up
  // What becomes of the workload's pods when it runs that image (its first container's); absent: all is well.
  std::map<std::string, RolloutView> fates;
  // Why nothing is seen of a workload's rollout, by its name; and what only a fresh look sees of one.
  std::map<std::string, Error> out_of_sight;
  std::map<std::string, RolloutView> really;
  Result<> vouched = make_error(Code::denied, "no policy is in force here");  // whether what is written counts
  std::size_t vouched_for = 0;                                                // how often that was asked
  std::set<inventory::WorkloadKey> followed;
  std::size_t looks = 0;
  std::vector<std::vector<BadImage>> unblocked;  // what each call was told
  std::unique_ptr<Engine> engine;

 private:
  RolloutView view_of(const inventory::WorkloadKey& key) const;
  Result<RolloutView> seen_of(const inventory::WorkloadKey& key) const;
  template <class T>
  Task<Result<T>> as_write(std::function<Result<T>()> action);
  Task<> never();
  std::size_t writes_ = 0, die_at_ = 0;
  bool die_after_ = false, dead_ = false;
};

// A process that outlives its test's scope: a killed one keeps its frames, as nothing is undone when a process dies.
World& launch(Store& store, EngineOptions options = quick(), bool following = false);

}  // namespace headwind::update::testing

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace headwind::update::testing {

template <class T>
T World::run(Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr failure, T value) {
    if (failure) std::rethrow_exception(failure);
    result.emplace(std::move(value));
  });
  for (int i = 0; i < 5000 && !result && !dead_; ++i) {
    io.restart();
    io.run_for(std::chrono::milliseconds(2));
  }
  if (!result) return make_error(Code::cancelled, dead_ ? "the process died" : "no answer in time");
  return std::move(*result);
}

}  // namespace headwind::update::testing
