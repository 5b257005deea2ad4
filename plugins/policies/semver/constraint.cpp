// SPDX-License-Identifier: Apache-2.0
#include "constraint.hpp"

namespace headwind::semver {
namespace {

bool same_part(const hw::version& a, const hw::version& b, std::size_t part) {
  return hw::compare_numbers(part < a.count ? a.parts[part] : "", part < b.count ? b.parts[part] : "") == 0;
}

}  // namespace

Reason Constraint::judge(const Candidate& candidate) const {
  if (hw::is_signature_tag(candidate.name)) return Reason::signature;
  if (candidate.name == current_.name) return Reason::runs_now;
  if (!current_.is_version) return Reason::current_unknown;
  if (!candidate.is_version) return Reason::not_a_version;

  const hw::version &from = current_.version, &to = candidate.version;
  if (!hw::same_prefix(from, to)) return Reason::other_prefix;
  if (from.revision.empty() != to.revision.empty()) return Reason::other_revision;
  if (!hw::same_variant(from, to)) return Reason::other_variant;
  // 7.2 to 7.2.1 is a patch; that 14 becomes 14.5 is more than one.
  const bool more_precise = limit_ == Limit::patch && from.count >= 2 && to.count == from.count + 1;
  if (to.count != from.count && !more_precise) return Reason::other_length;
  if (!to.prerelease.empty() && !follows_channel(from, to)) {
    return from.prerelease.empty() ? Reason::prerelease : Reason::lower_channel;
  }

  const int order = hw::compare(to, from);
  if (order <= 0) return order < 0 ? Reason::older : Reason::equal;
  if (limit_ != Limit::none && !same_part(from, to, 0)) return Reason::major_change;
  if (limit_ == Limit::patch && !same_part(from, to, 1)) return Reason::minor_change;
  return hw::equal_variant(from, to) ? Reason::newer : Reason::variant_number;
}

}  // namespace headwind::semver
