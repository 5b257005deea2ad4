// SPDX-License-Identifier: Apache-2.0
// What the parts of the engine share. All of it belongs to the engine's thread.
#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "inventory/inventory.hpp"
#include "telemetry/metrics.hpp"
#include "update/engine.hpp"
#include "update/engine_metrics.hpp"
#include "update/event_book.hpp"
#include "update/explain_reads.hpp"
#include "update/hint_book.hpp"
#include "update/inbox.hpp"
#include "update/look_failures.hpp"
#include "update/patch.hpp"
#include "update/places.hpp"
#include "update/ports.hpp"
#include "update/request_book.hpp"
#include "update/rollout_book.hpp"
#include "update/set_aside.hpp"
#include "update/sweep_book.hpp"
#include "update/tag_lists.hpp"
#include "update/work_queue.hpp"

namespace headwind::update {

struct Context {
  Executor executor;
  inventory::Inventory& inventory;
  Ports ports;
  EngineMetrics metrics;
  telemetry::CompatMetrics& compat;
  const Clock& clock;
  EngineOptions options;
  Inbox inbox;
  HintBook hints;
  RequestBook requests;
  Turns turns;
  WorkQueue* queue = nullptr;
  // Slots whose image somebody other than us changed, as they were before: looked at by the next reconcile.
  struct Left {
    inventory::Slot slot;
    std::string digest;
    std::vector<HistoryEntry> history;
  };
  std::map<inventory::WorkloadKey, std::vector<Left>> left;
  // Automatic patches whose answer has not come, or was lost: told when the workload shows that they arrived.
  struct Sent {
    std::vector<Move> moves;
    std::string policy;
  };
  std::map<inventory::WorkloadKey, Sent> sent;
  struct Baseline {  // see baseline.hpp
    std::string image, digest;
  };
  std::map<std::pair<inventory::WorkloadKey, Symbol>, Baseline> baselines;
  TagLists lists;
  // Where running images can run, by what their tag named when it was asked for.
  using RunningImage = std::tuple<Symbol, std::string, Symbol>;  // repository, tag, access
  std::map<RunningImage, std::vector<std::string>> running_platforms;
  // Slots with a better version that lacks a platform they need: told once, and not looked up at each list.
  struct Lacking {
    std::string image, sentence;               // of the slot, and as told
    std::map<std::string, std::int64_t> tags;  // to be looked at again at that time (mono_ms)
  };
  std::map<std::pair<inventory::WorkloadKey, Symbol>, Lacking> lacking;
  SweepBook swept;
  RolloutBook rollouts;
  std::map<inventory::WorkloadKey, std::int64_t> resting;  // until when, as told: see contention.hpp
  std::set<std::string> suspended_namespaces;
  std::set<inventory::WorkloadKey> asked_to_begin;  // a rollout, in the run under way
  // When a workload that waits for its interval may move: so that a wait is counted once.
  std::map<inventory::WorkloadKey, std::int64_t> waits_until;
  // The last mistakes told about a workload: so that they are told once.
  std::map<inventory::WorkloadKey, std::string> told;
  std::map<inventory::WorkloadKey, std::vector<UpdateRequest>> forgotten = {};  // memories that somebody else deleted
  std::map<inventory::WorkloadKey, std::int64_t> gone_since = {};  // workloads that a request waits for (unix_ms)
  LookFailures look_failures = {};
  SetAside set_aside = {};
  // What was pushed while a workload is suspended, as hints' keys: so that each wait is told once.
  std::map<inventory::WorkloadKey, std::set<std::string>> told_suspended = {};
  // The version that was found for a slot last, "image@digest": so that it is counted once while it waits.
  std::map<std::pair<inventory::WorkloadKey, Symbol>, std::string> found = {};
  EventBook events = {};
  ExplainReads explain_reads{clock};
};

// --- telling people, the same way everywhere

// A notification about `workload`, with the id that the same happening always has (decisions 27).
Notification notification_of(EventType type, const inventory::Workload& workload, const inventory::Slot& slot,
                             const std::string& new_image, const std::string& digest, const std::string& moment);
// The same for a request. Carries all that the request itself knows: who, why, and what was said.
Notification notification_of(EventType type, const UpdateRequest& request);
void record_event(Context& context, const inventory::Workload& workload, bool warning, std::string_view reason,
                  const std::string& message);
// The same on the workload of a request; also where that is gone or has no policy any more, if the request has its uid.
void record_event(Context& context, const UpdateRequest& request, bool warning, std::string_view reason,
                  const std::string& message);

// The request as the server stored it is now what we know.
void store(Context& context, UpdateRequest request);
// Nobody waits for the hint of that key any more: out of the book and the inbox.
void finish_hint(Context& context, const std::string& key);

}  // namespace headwind::update
