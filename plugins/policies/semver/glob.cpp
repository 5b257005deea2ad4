// SPDX-License-Identifier: Apache-2.0
#include "glob.hpp"

#include "newest.hpp"
#include "pattern.hpp"

namespace headwind::semver {
namespace {

// Now and then a commit hash has no letter in it, and looks like a version of one part beside its neighbours.
bool may_be_hashes(const Candidate& a, const Candidate& b) {
  const Candidate &version = a.is_version ? a : b, &other = a.is_version ? b : a;
  return holds_hash(other.name) && version.version.count == 1 && version.version.parts[0].size() >= 7;
}

}  // namespace

Glob::Glob(const Candidate& current, std::string_view pattern, bool pushed)
    : current_(current), pattern_(pattern), pushed_(pushed), current_matches_(matches(pattern, current.name)) {}

Reason Glob::judge(const Candidate& candidate) const {
  if (hw::is_signature_tag(candidate.name)) return Reason::signature;
  if (!matches(pattern_, candidate.name)) return Reason::unmatched;
  if (candidate.name == current_.name) return judge_same_tag(current_.digest, candidate.digest);
  if (current_.is_version && candidate.is_version) {
    if (hw::same_prefix(current_.version, candidate.version)) return judge_version(candidate.version);
    // Two components, unless the prefix is that of one build: main-abc1234-1700000000.
    if (!holds_hash(candidate.version.prefix)) return Reason::other_prefix;
  } else if (current_.is_version != candidate.is_version && !may_be_hashes(current_, candidate)) {
    return current_.is_version ? Reason::not_a_version : Reason::current_unknown;
  }
  return judge_other(candidate);
}

// The pattern says more than the running tag's shape does: the number of parts and the variant's number may differ.
Reason Glob::judge_version(const hw::version& to) const {
  const hw::version& from = current_.version;
  if (from.revision.empty() != to.revision.empty()) return Reason::other_revision;
  if (!hw::same_variant(from, to)) return Reason::other_variant;
  if (!to.prerelease.empty() && !follows_channel(from, to) && !names(pattern_, hw::channel(to))) {
    return from.prerelease.empty() ? Reason::prerelease : Reason::lower_channel;
  }
  const int order = hw::compare(to, from);
  return order > 0 ? Reason::newer : order < 0 ? Reason::older : Reason::equal;
}

Reason Glob::judge_other(const Candidate& candidate) const {
  if (current_.pushed_ms != 0 && candidate.pushed_ms != 0) {
    return candidate.pushed_ms > current_.pushed_ms ? Reason::newer_by_push : Reason::older_by_push;
  }
  if (!current_matches_) return Reason::current_unmatched;
  if (holds_hash(candidate.name) || holds_hash(current_.name)) {
    return pushed_ ? Reason::pushed : Reason::hash_without_order;
  }
  return hw::compare_natural(candidate.name, current_.name) > 0 ? Reason::newer_by_name : Reason::older_by_name;
}

bool Glob::is_better(const Candidate& a, const Candidate& b) const { return is_newer(a, b, current_.version.spelling); }

}  // namespace headwind::semver
