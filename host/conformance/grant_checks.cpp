// SPDX-License-Identifier: Apache-2.0
// What a plugin does with what it is granted, and with those who answer it.
#include <string>
#include <vector>

#include "conformance/checks.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

constexpr std::int64_t kDeadline = 500;  // ms; for plugins that try several times

enum class Again : std::uint8_t { any, worth };

struct Scenario {
  std::string what;  // "HTTP 500"
  Reply reply;
  Again again = Again::any;
};

std::vector<Scenario> scenarios() {
  return {{"HTTP 500", {.status = 500, .body = "internal error"}, Again::worth},
          {"HTTP 503", {.status = 503}, Again::worth},
          {"HTTP 429", {.status = 429, .headers = {{"retry-after", "7"}}}, Again::worth},
          {"HTTP 401", {.status = 401}},
          {"HTTP 403", {.status = 403}},
          {"HTTP 404", {.status = 404}},
          {"no connection", {.kind = Reply::Kind::unreachable}, Again::worth}};
}

bool tells_again(const Ending& ending) {
  if (ending.failure) return ending.failure->retryable;
  return ending.status == HW_UNAVAILABLE || ending.status == HW_THROTTLED || ending.status == HW_CANCELLED;
}

void judge(const Subject& subject, const Step& step, const Scenario& scenario, const Ending& ending, TestHost& host) {
  const std::string where = "in " + step.place() + ", answered with " + scenario.what + ", it ";
  if (ending.requests == 0) return;
  // "None" is an answer to which platforms there are.
  if (ending.status == HW_OK && step.function != "platforms")
    host.note_breach(where + "answers ok; look at the status of each answer");
  if (ending.status == HW_OK) return;
  if (scenario.again == Again::worth && !tells_again(ending))
    host.note_breach(where + "answers " + ending.sentence() + ", for good; " +
                     (subject.script ? "raise another exception than headwind.Undeliverable" : "set retryable") +
                     ": the peer may be back in a minute");
  if (!subject.script && scenario.reply.status == 429 && ending.status != HW_THROTTLED)
    host.note_remark(where + "answers " + ending.sentence() + "; HW_THROTTLED says that the peer asked to slow down");
}

// Every way an answer can tempt a plugin to quote what it sent.
std::vector<Reply> echoes() {
  const std::string told = "no: " + std::string(kCanary);
  return {
      {.status = 400, .body = told},
      {.status = 403, .body = R"({"error":")" + told + R"(","errors":[{"code":"DENIED","message":")" + told + "\"}]}"},
      {.status = 302, .headers = {{"location", "https://check.invalid/" + std::string(kCanary)}}},
      {.kind = Reply::Kind::unreachable}};
}

// What went well without HTTP, although it sends a request where it may, did not happen.
void note_pretended(const Subject& subject, const std::vector<Step>& well, TestHost& host) {
  if (well.empty()) return;
  Instance granted(subject);
  if (granted.create().status != HW_OK) return;
  for (const Step& step : well)
    if (step.function != "platforms" && granted.perform(step).requests > 0)
      host.note_breach("in " + step.place() +
                       " it answers ok although it was not granted " HW_SERVICE_HTTP
                       ", which it uses there; fail with a sentence");
  granted.destroy();
}

// Whether create and every call went well.
bool run_all(const Subject& subject, Instance& instance) {
  bool well = instance.create().status == HW_OK;
  if (!well) return false;
  for (const Step& step : subject.steps(Inputs::ordinary)) well = instance.perform(step).status == HW_OK && well;
  return well;
}

}  // namespace

Finding check_answers(const Subject& subject) {
  const bool answered = subject.script ? subject.plugin->kind == HW_KIND_NOTIFIER : subject.needs(HW_SERVICE_HTTP);
  if (!answered) return skipped(subject.script ? "a policy asks nobody" : "it does not need " HW_SERVICE_HTTP);
  Instance instance(subject);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  TestHost& host = instance.host();
  host.deadline_ms = kDeadline;
  for (const Scenario& scenario : scenarios()) {
    if (subject.script && scenario.reply.kind != Reply::Kind::answer) continue;
    host.set_peer(always(scenario.reply));
    for (const Step& step : subject.steps(Inputs::ordinary))
      if (!step.computes) judge(subject, step, scenario, instance.perform(step), host);
  }
  instance.destroy();
  return instance.finding(host.requests() == 0 ? "it made no request" : "");
}

Finding check_services(const Subject& subject) {
  if (subject.plugin->needs == nullptr || *subject.plugin->needs == nullptr) return skipped("it needs no services");
  Grants none = subject.grants;
  none.services = false;
  Instance instance(subject, none);
  std::vector<Step> well;
  if (instance.create().status == HW_OK)
    for (const Step& step : subject.steps(Inputs::ordinary))
      if (instance.perform(step).status == HW_OK) well.push_back(step);
  instance.destroy();
  if (subject.needs(HW_SERVICE_HTTP)) note_pretended(subject, well, instance.host());
  return instance.finding("create answers " + instance.created().sentence());
}

Finding check_secrets(const Subject& subject) {
  if (!subject.needs(HW_SERVICE_SECRETS) && !subject.needs(HW_SERVICE_PULL))
    return skipped("it needs neither " HW_SERVICE_SECRETS " nor " HW_SERVICE_PULL);
  Grants none = subject.grants;
  none.secrets = false;
  Instance without(subject, none);
  const bool well = run_all(subject, without);
  without.destroy();
  // A registry may be read by anyone.
  if (well && without.host().asked_for_secrets() && subject.plugin->kind != HW_KIND_REGISTRY)
    without.host().note_remark(
        "it answers ok to everything although no secret was granted that it asked for; fail with a sentence that names "
        "it");
  Finding first = without.finding();
  if (first.outcome == Outcome::failed) return first;

  Instance with(subject);
  if (with.create().status != HW_OK)
    return first.outcome != Outcome::passed ? first : skipped("create answers " + with.created().sentence());
  with.host().deadline_ms = kDeadline;
  for (const Reply& echo : echoes()) {
    // Nothing of a script's may leave this machine: it is led nowhere.
    if (subject.script && (echo.kind != Reply::Kind::answer || echo.status == 302)) continue;
    with.host().set_peer(always(echo));
    for (const Step& step : subject.steps(Inputs::ordinary))
      if (!step.computes) with.perform(step);
  }
  with.destroy();
  Finding second = with.finding();
  return second.outcome == Outcome::passed ? first : second;
}

Finding check_dry_run(const Subject& subject) {
  if (subject.plugin->kind != HW_KIND_NOTIFIER) return skipped("only notifiers change something outside");
  if (!subject.needs(HW_SERVICE_HTTP))
    return skipped("it does not need " HW_SERVICE_HTTP "; nobody sees what it sends");
  Instance instance(subject);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  instance.host().call_flags = HW_CALL_DRY_RUN;
  for (const Step& step : subject.steps(Inputs::ordinary)) instance.perform(step);
  instance.destroy();
  return instance.finding();
}

}  // namespace headwind::conformance
