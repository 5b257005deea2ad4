// SPDX-License-Identifier: Apache-2.0
// The policies none, patch, minor, major, all, glob and force. An instance has no state, so any number of threads may
// ask it at once.
#include <headwind/sdk/module.hpp>
#include <headwind/sdk/policy.hpp>
#include <string>

#include "constraint.hpp"
#include "glob.hpp"
#include "newest.hpp"
#include "pattern.hpp"

namespace headwind::semver {
namespace {

struct None {
  Reason judge(const Candidate& candidate) const {
    return hw::is_signature_tag(candidate.name) ? Reason::signature : Reason::never;
  }
  bool is_better(const Candidate&, const Candidate&) const { return false; }
};

// Text of the user's, fit for a sentence.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text.substr(0, 64)) result += c >= ' ' && c <= '~' ? c : '?';
  return result + '"';
}

// The running tag, with what the batch says about it.
Candidate running(const hw::query& query, const hw::tags& tags) {
  std::int64_t pushed_ms = 0;
  for (std::size_t row = 0; row < tags.size() && pushed_ms == 0; ++row) {
    if (tags.pushed_ms(row) != 0 && tags.name(row) == query.tag) pushed_ms = tags.pushed_ms(row);
  }
  return {0, query.tag, query.digest, pushed_ms};
}

std::string explain_hold(const hw::query& query, const hw::tags& tags, std::string_view policy, Reason last,
                         bool unknown) {
  if (tags.size() == 0) return "there is no candidate";
  if (tags.size() == 1) return std::string(tags.name(0)) + " " + sentence(last, policy, query.tag);
  if (unknown) return "nothing can be compared: the running tag " + quoted(query.tag) + " is not a version";
  return "none of " + std::to_string(tags.size()) + " tags is newer than " + std::string(query.tag) +
         " and allowed by policy " + std::string(policy);
}

template <class Policy>
hw::choice choose_by(const Policy& policy, std::string_view name, const hw::query& query, const hw::tags& tags,
                     const hw::verdicts& verdicts) {
  Candidate best;
  Reason best_reason{}, last{};
  std::size_t acceptable = 0;
  bool unknown = false;
  for (std::size_t row = 0; row < tags.size(); ++row) {
    const Candidate candidate(row, tags.name(row), tags.digest(row), tags.pushed_ms(row));
    last = policy.judge(candidate);
    unknown = unknown || last == Reason::current_unknown;
    if (verdicts.wanted()) verdicts.put(row, verdict_of(last), sentence(last, name, query.tag));
    if (verdict_of(last) != hw::verdict::update) continue;
    if (acceptable++ == 0 || policy.is_better(candidate, best)) {
      best = candidate;
      best_reason = last;
    }
  }
  hw::choice choice = acceptable == 0 ? hw::choice::hold() : hw::choice::update(best.row);
  if (!verdicts.why_wanted()) return choice;
  if (acceptable == 0) {
    choice.why = explain_hold(query, tags, name, last, unknown);
  } else {
    choice.why = std::string(best.name) + " " + sentence(best_reason, name, query.tag);
    if (acceptable > 1) choice.why += ", and the best of " + std::to_string(acceptable) + " acceptable tags";
  }
  return choice;
}

class Semver : public hw::policy {
 public:
  hw::choice choose(const hw::call&, const hw::query& query, const hw::tags& tags, const hw::verdicts& verdicts) const {
    auto is = [&](std::string_view name) { return hw::equals_ignoring_case(query.policy, name); };
    if (!query.args.empty()) {
      throw hw::error(hw::code::invalid, "annotation headwind.sh/policy-config: policy " + quoted(query.policy) +
                                             " takes no options; remove the annotation");
    }
    if (is("patch")) return by_limit(Constraint::Limit::patch, "patch", query, tags, verdicts);
    if (is("minor")) return by_limit(Constraint::Limit::minor, "minor", query, tags, verdicts);
    if (is("major")) return by_limit(Constraint::Limit::none, "major", query, tags, verdicts);
    if (is("all")) return by_limit(Constraint::Limit::none, "all", query, tags, verdicts);
    if (is("force")) return choose_by(Force(running(query, tags), query.pushed), "force", query, tags, verdicts);
    if (is("none")) return choose_by(None(), "none", query, tags, verdicts);
    if (!is("glob")) {
      throw hw::error(hw::code::invalid, "annotation headwind.sh/policy: " + quoted(query.policy) +
                                             " is not a policy; use none, patch, minor, major, all, glob or force");
    }
    if (query.pattern.empty()) {
      throw hw::error(hw::code::invalid,
                      "annotation headwind.sh/pattern is missing: policy glob needs one, such as \"v1.*\"");
    }
    if (query.pattern.size() > max_pattern) {
      throw hw::error(hw::code::invalid, "annotation headwind.sh/pattern is longer than 256 characters; shorten it");
    }
    return choose_by(Glob(running(query, tags), query.pattern, query.pushed), "glob", query, tags, verdicts);
  }

 private:
  static hw::choice by_limit(Constraint::Limit limit, std::string_view name, const hw::query& query,
                             const hw::tags& tags, const hw::verdicts& verdicts) {
    return choose_by(Constraint(query.tag, limit), name, query, tags, verdicts);
  }
};

}  // namespace
}  // namespace headwind::semver

HEADWIND_MODULE(hw::plugin<headwind::semver::Semver>{
    .id = "headwind.policy.semver",
    .version = "0.2.0",
    .summary = "Picks versions: none, patch, minor, major, all, glob and force"});
