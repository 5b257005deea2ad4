// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

namespace headwind::semver {
namespace {

int rank(std::string_view channel) {
  using hw::detail::equals_word;
  if (equals_word(channel, "rc") || equals_word(channel, "cr")) return 3;
  if (equals_word(channel, "alpha") || equals_word(channel, "a")) return 1;
  const std::string_view early[] = {"dev", "snapshot", "nightly", "canary"};
  return hw::detail::is_one_of(channel, early) ? 0 : 2;  // beta, preview, milestone, ...
}

bool is_hash(std::string_view segment) {
  if (segment.size() < 7 || segment.size() > 64) return false;
  bool digit = false, letter = false;
  for (const char c : segment) {
    if (hw::is_digit(c)) {
      digit = true;
    } else if (hw::to_lower(c) >= 'a' && hw::to_lower(c) <= 'f') {
      letter = true;
    } else {
      return false;
    }
  }
  return digit && letter;
}

}  // namespace

bool follows_channel(const hw::version& current, const hw::version& candidate) {
  if (current.prerelease.empty()) return false;
  const std::string_view from = hw::channel(current), to = hw::channel(candidate);
  return hw::equals_ignoring_case(from, to) || rank(to) > rank(from);
}

Reason judge_same_tag(std::string_view current_digest, std::string_view candidate_digest) {
  if (current_digest.empty() || candidate_digest.empty()) return Reason::digest_unknown;
  return current_digest == candidate_digest ? Reason::same_digest : Reason::new_digest;
}

bool holds_hash(std::string_view tag) {
  for (;;) {
    const std::size_t end = tag.find_first_of("-_.");
    std::string_view segment = tag.substr(0, end);
    if (segment.size() > 7 && segment.front() == 'g') segment.remove_prefix(1);  // as `git describe` writes it
    if (is_hash(segment)) return true;
    if (end == std::string_view::npos) return false;
    tag.remove_prefix(end + 1);
  }
}

std::string sentence(Reason reason, std::string_view policy, std::string_view current) {
  const std::string tag(current.empty() ? "what runs" : current);
  switch (reason) {
    case Reason::newer: return "is newer than " + tag;
    case Reason::newer_by_push: return "was pushed after " + tag;
    case Reason::newer_by_name: return "comes after " + tag + " in natural order";
    case Reason::pushed: return "was named by a push";
    case Reason::new_digest: return "is the running tag with a new digest";
    case Reason::runs_now: return "is the running tag";
    case Reason::same_digest: return "is the running tag, and its digest is the one that runs";
    case Reason::digest_unknown: return "is the running tag, and the digest that runs is not known";
    case Reason::current_unknown: return "cannot be compared: " + tag + " is not a version";
    case Reason::current_unmatched: return "cannot be compared: " + tag + " does not match the pattern";
    case Reason::older: return "is older than " + tag;
    case Reason::older_by_push: return "was not pushed after " + tag;
    case Reason::older_by_name: return "does not come after " + tag + " in natural order";
    case Reason::equal: return "is the same version as " + tag;
    case Reason::major_change:
      return "changes the major version, which policy " + std::string(policy) + " does not allow";
    case Reason::minor_change:
      return "changes the minor version, which policy " + std::string(policy) + " does not allow";
    case Reason::variant_number: return "has another variant number than " + tag;
    case Reason::hash_without_order: return "holds a commit hash: without push times it is neither newer nor older";
    case Reason::never: return "is not considered: policy none never updates";
    case Reason::signature: return "is a signature or attestation, not an image";
    case Reason::not_a_version: return "is not a version";
    case Reason::other_prefix: return "has another prefix than " + tag;
    case Reason::other_variant: return "is another variant than " + tag;
    case Reason::other_revision: return "differs from " + tag + " in having a revision";
    case Reason::other_length: return "has another number of parts than " + tag;
    case Reason::prerelease: return "is a prerelease";
    case Reason::lower_channel: return "is a prerelease of an earlier channel than " + tag;
    case Reason::unmatched: return "does not match the pattern";
  }
  return "has no reason";
}

}  // namespace headwind::semver
