// SPDX-License-Identifier: Apache-2.0
#include "newest.hpp"

namespace headwind::semver {

bool is_newer(const Candidate& a, const Candidate& b, char current_spelling) {
  if (a.is_version != b.is_version) return a.is_version;
  if (a.is_version && hw::compare(a.version, b.version) != 0) return hw::compare(a.version, b.version) > 0;
  if (a.is_version) return hw::is_better(a.version, b.version, current_spelling);
  if (a.pushed_ms != b.pushed_ms) return a.pushed_ms > b.pushed_ms;  // known times come before unknown ones
  return hw::compare_natural(a.name, b.name) > 0;
}

Reason Force::judge(const Candidate& candidate) const {
  if (hw::is_signature_tag(candidate.name)) return Reason::signature;
  if (candidate.name == current_.name) return judge_same_tag(current_.digest, candidate.digest);
  if (pushed_) return Reason::pushed;
  if (candidate.is_version && current_.is_version) {
    const int order = hw::compare(candidate.version, current_.version);
    return order > 0 ? Reason::newer : order < 0 ? Reason::older : Reason::equal;
  }
  if (candidate.is_version != current_.is_version) return candidate.is_version ? Reason::newer : Reason::older;
  if (candidate.pushed_ms != 0 && current_.pushed_ms != 0) {
    return candidate.pushed_ms > current_.pushed_ms ? Reason::newer_by_push : Reason::older_by_push;
  }
  if (holds_hash(candidate.name) || holds_hash(current_.name)) return Reason::hash_without_order;
  return hw::compare_natural(candidate.name, current_.name) > 0 ? Reason::newer_by_name : Reason::older_by_name;
}

}  // namespace headwind::semver
