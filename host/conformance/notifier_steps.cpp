// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "conformance/repertoire.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

struct Occasion {
  std::string type{}, id{}, subject{}, before{}, after{}, text{}, link{}, details{};
  std::int32_t severity = HW_LOG_INFO;
  std::int64_t unix_ms = 1'762'425'000'000;
};

Occasion ordinary(const std::string& type, std::int32_t severity = HW_LOG_INFO) {
  return {
      .type = type,
      .id = "check-" + type,
      .subject = "apps/Deployment shop/web",
      .before = "nginx:1.25.0",
      .after = "nginx:1.26.0",
      .text = "A check of this plugin: Deployment shop/web",
      .link = "https://headwind.example.com/updates/shop/web",
      .details = R"({"event":")" + type + R"(","timestamp":"2025-11-06T10:30:00.123Z","deployment":{"name":"web",)" +
                 R"("namespace":"shop","currentImage":"nginx:1.25.0","newImage":"nginx:1.26.0","container":"web",)" +
                 R"("resourceKind":"Deployment"},"policy":"Minor","requiresApproval":true})",
      .severity = severity};
}

hw_event lend_event(const Occasion& event, Lent& lent) {
  return {sizeof(hw_event),      event.severity,           lent.text(event.type),   lent.text(event.id),
          event.unix_ms,         lent.text(event.subject), lent.text(event.before), lent.text(event.after),
          lent.text(event.text), lent.text(event.link),    lent.text(event.details)};
}

hw_status send(const std::vector<Occasion>& events, const Callee& callee, Visit& visit) {
  Lent& lent = visit.lent();
  std::vector<const hw_event*> pointers;
  for (const Occasion& event : events) pointers.push_back(lent.one(lend_event(event, lent)));
  hw_status* results = lent.row(std::vector<hw_status>(events.size(), HW_CANCELLED));
  const hw_status status =
      callee.api<hw_notifier_api>().send(callee.self, visit.call(), lent.row(pointers), pointers.size(), results);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::string row = "event " + std::to_string(i + 1) + " of " + std::to_string(events.size());
    if (!plugin::is_known(results[i])) {
      visit.breach("gives " + row + " the unknown status " + std::to_string(results[i]) + "; use those of hw_status");
    } else if (status == HW_OK && results[i] != HW_OK) {
      visit.breach("answers ok but leaves " + row + " at " + std::string(plugin::status_name(results[i])) +
                   "; set results[i] to HW_OK for what was delivered, or answer the status of what was not");
    }
  }
  return status;
}

Step step(std::string situation, std::vector<Occasion> events) {
  return {
      .function = "send",
      .situation = std::move(situation),
      .concurrent = false,
      .call = [events = std::move(events)](const Callee& callee, Visit& visit) { return send(events, callee, visit); }};
}

Occasion strange() {
  Occasion event = ordinary("update_completed", 99);
  event.type = "no_such_event";
  event.subject = "ns/\"quoted\" <b>*_`~ & name";
  event.text = "line one\nline two <script>alert(1)</script> \u202Eright to left \U0001F680 {{template}} %s %n";
  event.link = "javascript:alert(1)";
  event.unix_ms = -1;
  return event;
}

}  // namespace

std::vector<Step> notifier_steps(Inputs inputs) {
  switch (inputs) {
    case Inputs::ordinary:
      return {step("one event", {ordinary("update_completed")}),
              step("three events", {ordinary("update_request_created"), ordinary("update_failed", HW_LOG_ERROR),
                                    ordinary("rollback_completed", HW_LOG_WARN)})};
    case Inputs::empty: {
      Occasion bare = ordinary("update_completed");
      bare.details.clear();
      return {step("an event without details", {bare}), step("an event whose texts are empty", {Occasion{}})};
    }
    case Inputs::huge: {
      Occasion large = ordinary("update_completed");
      large.text = std::string(1U << 20U, 'x');
      large.details.insert(large.details.size() - 1, R"(,"more":")" + std::string(1U << 20U, 'y') + '"');
      return {step("500 events", std::vector<Occasion>(500, ordinary("update_completed"))),
              step("an event of two megabytes", {large})};
    }
    case Inputs::foreign: {
      Occasion shapes = ordinary("update_completed");
      shapes.details = R"({"event":7,"deployment":[null,{"name":{}}],"timestamp":"never","errorMessage":true})";
      Occasion broken = ordinary("update_completed");
      broken.details = "{\"event\":";
      return {step("texts with markup, lines and other scripts", {strange()}),
              step("details of another shape", {shapes}), step("details that are no JSON", {broken})};
    }
  }
  return {};
}

}  // namespace headwind::conformance
