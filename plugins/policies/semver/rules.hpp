// SPDX-License-Identifier: Apache-2.0
// What the policies have in common: a reason for each judgement, and the questions that need no policy.
// A judgement is a number, not a sentence, so that ten thousand of them cost no allocation; the sentence is made only
// when somebody will read it.
#pragma once
#include <cstdint>
#include <headwind/sdk/policy.hpp>
#include <string>
#include <string_view>

#include "candidate.hpp"

namespace headwind::semver {

enum class Reason : std::uint8_t {
  newer,               // update: a newer version
  newer_by_push,       // update: pushed later
  newer_by_name,       // update: later in natural order
  pushed,              // update: a push named it
  new_digest,          // update: the running tag has a new digest
  runs_now,            // hold: the running tag
  same_digest,         // hold: the running tag, with the digest that runs
  digest_unknown,      // hold: the running tag; what it had before is not known
  current_unknown,     // hold: the running tag is no version
  current_unmatched,   // hold: the running tag does not match the pattern
  older,               // hold
  older_by_push,       // hold
  older_by_name,       // hold
  equal,               // hold: of the same precedence
  major_change,        // hold
  minor_change,        // hold
  variant_number,      // hold: alpine3.19 to alpine3.20
  hash_without_order,  // hold: commit hashes, push times not known
  never,               // hold: policy none
  signature,           // ignored
  not_a_version,       // ignored
  other_prefix,        // ignored
  other_variant,       // ignored
  other_revision,      // ignored: one has a revision, the other not
  other_length,        // ignored: another number of parts
  prerelease,          // ignored: of a release
  lower_channel,       // ignored: beta to alpha
  unmatched,           // ignored: not what the pattern asks for
};

constexpr hw::verdict verdict_of(Reason reason) {
  if (reason <= Reason::new_digest) return hw::verdict::update;
  return reason < Reason::signature ? hw::verdict::hold : hw::verdict::ignored;
}

// One sentence without its subject, the tag: "is older than 1.2.3".
std::string sentence(Reason reason, std::string_view policy, std::string_view current);

// Whether a prerelease may follow what runs: never a release; from a prerelease the same channel or a later one.
bool follows_channel(const hw::version& current, const hw::version& candidate);

// The running tag itself as candidate, for the policies that follow a tag that moves.
Reason judge_same_tag(std::string_view current_digest, std::string_view candidate_digest);

// True when the tag holds something like a commit hash, so that its place in natural order means nothing.
bool holds_hash(std::string_view tag);

}  // namespace headwind::semver
