// SPDX-License-Identifier: Apache-2.0
#include "workloads/helmrelease/release_rollout.hpp"

#include <algorithm>

#include "workloads/core/verdict.hpp"
#include "workloads/helmrelease/slots.hpp"

namespace headwind::workloads {
namespace {

constexpr std::size_t max_word = 128;

struct Ready {
  bool present = false, current = false;  // current: it speaks of the present generation
  std::string status, reason, message;
};

struct Seen {
  Release release;
  bool suspended = false;
  bool tries_again = false;  // a release that failed is to be remediated, and then made once more
  Ready ready;
  std::string attempted, released;  // versions: tried last, and of the newest release
};

Ready read_ready(Value root) {
  Ready ready;
  const std::int64_t generation = number_of(root["metadata"]["generation"], 0);
  const std::int64_t observed = number_of(root["status"]["observedGeneration"], 0);
  each(root["status"]["conditions"], 64, [&](Value condition) {
    if (text_of(condition["type"]) != "Ready") return;
    ready.present = true;
    // While it tries again, the controller leaves status.observedGeneration behind.
    ready.current = number_of(condition["observedGeneration"], observed) >= generation;
    ready.status = kept(condition["status"]);
    ready.reason = cut(text_of(condition["reason"]), max_word);
    ready.message = quote(text_of(condition["message"]));
  });
  return ready;
}

// The controller's own rule. Where the failure left no release behind nothing is counted: it then repeats itself for
// ever, and there is nothing to wait for. It writes conditions first and counts in a patch of its own: while not even
// `failures` is counted, which every failed installation or upgrade is, the rest of what it says is of the time before.
bool read_tries_again(Value root, const Ready& ready) {
  const Value status = root["status"];
  const std::string_view action = text_of(status["lastAttemptedReleaseAction"]);
  const bool upgrade_failed = ready.reason == "UpgradeFailed", install_failed = ready.reason == "InstallFailed";
  const bool upgrade = upgrade_failed || (!install_failed && action == "upgrade");
  if (!upgrade && !install_failed && action != "install") return false;
  const std::int64_t retries = number_of(root["spec"][upgrade ? "upgrade" : "install"]["remediation"]["retries"], 0);
  if (retries == 0) return false;
  if ((upgrade_failed || install_failed) && number_of(status["failures"], 0) == 0) return true;
  const std::int64_t failures = number_of(status[upgrade ? "upgradeFailures" : "installFailures"], 0);
  return failures > 0 && (retries < 0 || failures <= retries);
}

Seen read(Value root) {
  Seen seen;
  const Value status = root["status"];
  seen.release = read_release(root);
  seen.suspended = bool_of(root["spec"]["suspend"], false);
  seen.ready = read_ready(root);
  seen.tries_again = read_tries_again(root, seen.ready);
  seen.attempted = cut(text_of(status["lastAttemptedRevision"]), max_word);
  each(status["history"], 1, [&](Value newest) { seen.released = cut(text_of(newest["chartVersion"]), max_word); });
  return seen;
}

// The version that is to run. Empty: none in particular, since Flux chooses it.
std::string wanted_version(const Release& release, const Objects& related) {
  if (!release.by_reference) return is_exact_version(release.version) ? release.version : std::string();
  Source source;
  const bool known = find_source(related, release.source, source) && is_exact_version(source.followed);
  return known ? source.followed : std::string();
}

// Of a chart out of an OCIRepository, the revision is its version, "+" and the beginning of its digest.
bool is_version(std::string_view revision, std::string_view wanted) {
  if (wanted.starts_with('v')) wanted.remove_prefix(1);
  if (revision.starts_with('v')) revision.remove_prefix(1);
  return revision.starts_with(wanted) && (revision.size() == wanted.size() || revision[wanted.size()] == '+' ||
                                          (wanted.find('+') != wanted.npos && revision[wanted.size()] == '.'));
}

bool is_failure(std::string_view reason) {
  constexpr std::string_view bad[] = {"InstallFailed",     "UpgradeFailed",   "TestFailed",     "RollbackFailed",
                                      "RollbackSucceeded", "UninstallFailed", "ArtifactFailed", "UninstallSucceeded"};
  return std::find(std::begin(bad), std::end(bad), reason) != std::end(bad);
}

// The index that Flux read last does not list the version: it is written as soon as it does, by the source's interval.
bool is_not_listed(const Ready& ready) {
  return ready.reason == "SourceNotReady" && ready.message.find("invalid chart reference") != std::string::npos;
}

std::string said(const Ready& ready) {
  if (!ready.message.empty()) return ready.message;
  return ready.reason.empty() ? std::string("Flux gives no reason") : ready.reason;
}

void judge(const Seen& seen, const std::string& wanted, Rollout& out) {
  const Ready& ready = seen.ready;
  if (seen.suspended) return conclude(out, State::held, "it is suspended: nothing happens until it is resumed");
  if (!ready.present || !ready.current) return conclude(out, State::running, not_seen);
  if (ready.status == "False") {
    if (is_not_listed(ready))
      return conclude(out, State::held,
                      "Flux does not know of this version until it reads its source again: " + ready.message);
    if (seen.tries_again && is_failure(ready.reason))
      return conclude(out, State::running, "Flux tries again after " + ready.reason + ": " + said(ready));
    const bool failed = is_failure(ready.reason) && (wanted.empty() || ready.reason == "ArtifactFailed" ||
                                                     seen.attempted.empty() || is_version(seen.attempted, wanted));
    return conclude(out, failed ? State::failed : State::running, ready.reason + ": " + said(ready));
  }
  if (ready.status != "True") return conclude(out, State::running, said(ready));
  const std::string& runs = seen.released.empty() ? seen.attempted : seen.released;
  if (!wanted.empty() && !is_version(runs, wanted))
    return conclude(
        out, State::running,
        "it is ready, but with version " + (runs.empty() ? "unknown" : runs) + ": " + wanted + " is still to come");
  conclude(out, State::done, wanted.empty() ? said(ready) : "version " + wanted + " is released: " + said(ready));
}

}  // namespace

bool read_release_rollout(std::string_view object, const Objects& related, Rollout& out, std::string& error) {
  Value root;
  if (!parse_object(object, root, error)) return false;
  const Seen seen = read(root);  // before another object is parsed
  judge(seen, wanted_version(seen.release, related), out);
  count(out, out.state == State::done ? 1 : 0, 1);
  return true;
}

}  // namespace headwind::workloads
