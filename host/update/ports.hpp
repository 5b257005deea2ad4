// SPDX-License-Identifier: Apache-2.0
// What the engine needs of the world. Each port is implemented in app/, over plugins and the cluster, and by
// small in-memory worlds in the tests. All are called, and answer, on the engine's thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "inventory/workload.hpp"
#include "update/candidates.hpp"
#include "update/hint.hpp"
#include "update/notification.hpp"
#include "update/request.hpp"

namespace headwind::update {

struct PolicyQuery {
  std::string policy, pattern, repository, tag, digest, slot;
  const inventory::Workload* workload = nullptr;  // for policies that look at labels; may be null
  bool pushed = true;                             // a push named the candidates
  std::string args = {};                          // JSON, as headwind.sh/policy-config has it
  std::string trace = {};                         // W3C traceparent of a push that asks for it, or empty
  bool judged = false;                            // what the policy says of each candidate is wanted, too
};

enum class Verdict : std::uint8_t { hold, update, ignored };
struct Judgement {
  Verdict verdict = Verdict::hold;
  std::string reason;  // goes on after the tag: "is newer than 1.25.0"
};
struct Choice {
  Verdict verdict = Verdict::hold;
  std::size_t index = 0;                   // the candidate's place, when verdict is update
  std::string why;                         // one sentence
  std::vector<Judgement> judgements = {};  // of each candidate, in their order, where they were asked for
};

class Policies {
 public:
  virtual ~Policies() = default;
  // Whether any policy plugin serves that name.
  virtual bool knows(std::string_view policy) const = 0;
  virtual Task<Result<Choice>> choose(PolicyQuery query, Candidates candidates) = 0;
};

class Registries {
 public:
  virtual ~Registries() = default;
  // Under whose name `repository` is read on behalf of a workload with that `access` (inventory::Workload): equal
  // identities see the same, so they share an answer. Empty: nobody's, or a configured account's.
  virtual Task<Result<Symbol>> identity(std::string repository, Symbol access) = 0;
  // The digest that `tag` names now. Code::not_found where the registry says it has no such tag.
  virtual Task<Result<std::string>> digest(std::string repository, std::string tag, Symbol access) = 0;
  // All tags, in any order, with what the registry tells of them.
  virtual Task<Result<std::vector<Candidate>>> tags(std::string repository, Symbol access) = 0;
  // On which platforms the image of that digest runs ("linux/amd64", "linux/arm64/v8"), sorted; empty: nobody can tell.
  // The same digest is asked for once.
  virtual Task<Result<std::vector<std::string>>> platforms(std::string repository, std::string digest,
                                                           Symbol access) = 0;
};

struct RanBefore {  // a ReplicaSet of a Deployment
  std::int64_t revision = 0;
  std::vector<std::pair<std::string, std::string>> images;  // slot -> image
};

class Workloads {
 public:
  virtual ~Workloads() = default;
  // A JSON patch (RFC 6902) of the object. The answer is the object as the server stored it.
  // Code::conflict: a test failed (422 without causes) or 409; not_found: gone; invalid, denied: refused for good.
  virtual Task<Result<inventory::Workload>> patch(inventory::Workload workload, std::string operations) = 0;
  // The same of another object, which holds a version of the workload (inventory::Slot::object).
  virtual Task<Result<>> patch_object(inventory::Workload workload, std::string object, std::string operations) = 0;
  // Code::not_found where there is none.
  virtual Task<Result<inventory::Workload>> read(inventory::WorkloadKey key) = 0;
  // What a Deployment ran before, from its ReplicaSets; empty for other kinds. One LIST: call it rarely.
  virtual Task<Result<std::vector<RanBefore>>> ran_before(inventory::Workload workload) = 0;
};

// How far the rollout of a workload's present state is, as its plugin reads it from the object and what belongs to it.
struct RolloutView {
  enum class State : std::uint8_t {
    running,  // on its way
    done,     // all that is to run runs, and is available
    failed,   // something of it cannot run: `reason` says what
    held      // nothing happens until somebody acts: paused, scaled to zero, OnDelete
  };
  State state = State::running;
  std::int32_t ready = 0, wanted = 0;  // replicas
  std::string reason;                  // one sentence
  std::string resource_version;        // of the object that was looked at
  // Stands for what its pods are made of: another one is another rollout, whoever began it.
  std::string revision;
};

// An image that is rolled back from, and the container that runs it.
struct BadImage {
  std::string container, image;
  bool operator==(const BadImage&) const = default;
};

// Looks at workloads and their pods while their rollouts are followed, and hands what it sees to Engine::rollout_seen.
class Rollouts {
 public:
  virtual ~Rollouts() = default;
  // From now on, until leave(). Again: no effect.
  virtual void follow(const inventory::Workload& workload) = 0;
  virtual void leave(const inventory::WorkloadKey& workload) = 0;
  // One look with fresh eyes: what is about to be undone must not rest on a watch that fell behind.
  virtual Task<Result<RolloutView>> look(inventory::Workload workload) = 0;
  // Takes away what keeps a rollback from going on. A StatefulSet waits for the pod of the bad version to become ready,
  // which it never will (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback): that
  // pod is deleted where it runs one of `bad`, and no other. Idempotent; nothing to do for other kinds. An error names
  // a pod that is left in the way: Code::denied where we may not delete it, Code::conflict where it runs something
  // else.
  virtual Task<Result<>> unblock(inventory::Workload workload, std::vector<BadImage> bad) = 0;
};

class Requests {
 public:
  virtual ~Requests() = default;
  // The stored object, with its uid and resourceVersion. Code::conflict where the name is taken.
  virtual Task<Result<UpdateRequest>> create(UpdateRequest request) = 0;
  // Merge patches. `expected_version` is the resourceVersion that must still hold (empty: none): else Code::conflict.
  virtual Task<Result<UpdateRequest>> patch_spec(RequestKey key, std::string merge, std::string expected_version) = 0;
  virtual Task<Result<UpdateRequest>> patch_status(RequestKey key, std::string merge, std::string expected_version) = 0;
  virtual Task<Result<>> remove(RequestKey key, std::string expected_uid) = 0;
};

// The admission policy of the API server that lets nobody write another one's name on a request
// (deploy/15-approval-policy.yaml): what vouches for answers that come by kubectl.
class AdmissionPolicy {
 public:
  virtual ~AdmissionPolicy() = default;
  // Whether it has been in force, as it is shipped, ever since `request` was made: then what its annotations say is
  // true. Otherwise the error says why not; retryable where it cannot be told now.
  virtual Task<Result<>> vouches_for(UpdateRequest request) = 0;
};

class InboxStore {
 public:
  virtual ~InboxStore() = default;
  virtual Task<Result<std::vector<Hint>>> load() = 0;
  // Adds or replaces `put` and removes `gone` in one write of the ConfigMap.
  virtual Task<Result<>> write(std::vector<Hint> put, std::vector<std::string> gone) = 0;
};

class Notifiers {
 public:
  virtual ~Notifiers() = default;
  virtual void tell(const Notification& notification) = 0;  // never blocks: bounded, retried beside the way
};

// Kubernetes Events on a workload: rate-limited and aggregated beside the way.
class EventRecorder {
 public:
  virtual ~EventRecorder() = default;
  virtual void record(const inventory::WorkloadKey& key, const std::string& api_version, const std::string& uid,
                      bool warning, std::string_view reason, std::string_view message) = 0;
};

// What a workload wants to hear of one repository.
struct Interest {
  Symbol repository;
  std::string tag;   // the digest of this one, too; empty: of none
  bool list = true;  // its list of tags; else only the tag's digest
  bool operator==(const Interest&) const = default;
};

// Reads registries for the workloads that want it (event-source polling or both, and the sweep), and hands what it
// read to Engine::listed.
class Polling {
 public:
  virtual ~Polling() = default;
  // What `workload` wants from now on; empty: nothing. `interval` 0: the operator's.
  virtual void want(const inventory::Workload& workload, std::vector<Interest> interests,
                    std::chrono::seconds interval) = 0;
  virtual void drop(const inventory::WorkloadKey& workload) = 0;
  // Everything is known: it may begin.
  virtual void open() = 0;
};

struct Ports {
  Policies& policies;
  Registries& registries;
  Workloads& workloads;
  Requests& requests;
  InboxStore& inbox;
  Notifiers& notifiers;
  EventRecorder& events;
  Polling* polling = nullptr;            // null: switched off
  Rollouts* rollouts = nullptr;          // null: rollouts are not followed
  AdmissionPolicy* admission = nullptr;  // null: nothing that is written on requests counts
};

}  // namespace headwind::update
