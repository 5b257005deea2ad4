// SPDX-License-Identifier: Apache-2.0
// Why a workload runs what it runs, and what would have to happen for it to move: everything that a decision rests on,
// as it stands now. Plain data; times are milliseconds since 1970.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "update/event_book.hpp"
#include "update/history.hpp"
#include "update/ports.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// One tag with what is said of it.
struct ExplainedCandidate {
  std::string tag, digest;     // the digest is empty where it is not known
  std::int64_t pushed_ms = 0;  // 0 where the registry does not tell
  Verdict verdict = Verdict::hold;
  std::string rule;    // who says so: "policy minor", "UpdateRequest shop/web-app-1-26-0", "platform"
  std::string reason;  // "is newer than 1.25.0"; empty where the policy gives none
  bool chosen = false;
};

// What the registry says of a slot's repository, and when it was asked.
struct RegistryFacts {
  bool asked = false;
  std::int64_t read_ms = 0;
  std::size_t tags = 0;
  std::string list;                    // who lists the tags where no registry was asked: "file tags"; empty: it was
  std::string running_digest;          // what the running tag names there; empty where nobody knows
  std::string trouble;                 // why something of it is not known: one sentence, or empty
  std::optional<std::int64_t> try_ms;  // when the registry may be asked again, where it said so
};

// One place that holds an image or a chart's version.
struct ExplainedSlot {
  std::string slot, container, image, repository;
  bool chart = false, followed = true;
  std::string baseline;  // the digest that runs, where it is known
  RegistryFacts registry;
  std::vector<ExplainedCandidate> candidates;  // the chosen one first, then by verdict, at most most_candidates
  std::size_t updates = 0, held = 0, ignored = 0;
  std::string choice;    // the tag that would be taken; empty: none
  std::string why;       // one sentence
  bool refused = false;  // no policy takes it, or its pattern or parameters: a mistake says so, too
  static constexpr std::size_t most_candidates = 1000;
};

// Something that has to happen, or a time that has to come, before the workload moves.
struct ExplainedWait {
  // "mistake", "policy", "obstacle", "approval", "request", "interval", "rollout", "push", "registry", "source"
  std::string_view kind;
  std::string sentence;
  std::optional<std::int64_t> until_ms;
};

// A version that is not proposed again.
struct ExplainedMemory {
  std::string slot, image, digest, phase, why, by;
  RequestKey request;
  std::int64_t since_ms = 0;
};

struct Explanation {
  inventory::WorkloadKey workload;
  std::string api_version, owner;  // the owner is empty where nobody is known
  std::int64_t at_ms = 0;
  std::string summary;               // the answer in a sentence or two
  Settings settings;                 // with the mistakes
  std::vector<std::string> written;  // the annotations that are there
  std::vector<ExplainedSlot> slots;
  std::vector<ExplainedWait> waits;
  std::vector<ExplainedMemory> remembered;
  std::vector<HistoryEntry> history;  // newest first
  std::vector<ToldEvent> events;      // newest first, since this process started
};

// For machines, as /openapi.json describes it.
std::string to_json(const Explanation& explanation);
// For people: sentences and short tables, ending with a line feed.
std::string to_text(const Explanation& explanation);
// Annotations with their values as they are understood, in a fixed order: {"headwind.sh/policy", "minor"}.
std::vector<std::pair<std::string_view, std::string>> understood(const Settings& settings);
std::string_view to_string(Verdict verdict);  // "update"
// Whether `why` of the slot stands among the mistakes, with its remedy: then sentences for people refer to it.
bool told_as_mistake(const Explanation& explanation, const ExplainedSlot& place);

}  // namespace headwind::update
