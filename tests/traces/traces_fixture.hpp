// SPDX-License-Identifier: Apache-2.0
// The program on the real control plane, with the collector that understands what it exports; and a trace of the test's
// own for each push.
#pragma once
#include <iostream>

#include "collector.hpp"
#include "fixture.hpp"

namespace headwind::end_to_end {

inline constexpr int internal = 1, server = 2, client = 3, producer = 4;

class Traces : public EndToEnd {
 protected:
  void SetUp() override {
    if (testbed::available() && collector_binary().empty())
      GTEST_SKIP() << "The OpenTelemetry collector is not built: run `make test-traces` (it needs Go).";
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    static int number = 0;
    trace_ = "4bf92f3577b34da6a3ce929d0e0e47" + std::to_string(10 + ++number);
    silent_registry().push(repository(), "1.0.0");
  }
  void TearDown() override {
    if (headwind)
      for (const Seen& one : collector().spans())
        for (const char* secret : {"planted-secret", "hook-whose-path"})
          EXPECT_EQ((one.name + Json(one.attributes).dump()).find(secret), std::string::npos) << one.name;
    if (HasFailure() && headwind)
      for (const Seen& one : collector().spans())
        std::cerr << one.trace << " " << one.parent << " > " << one.id << " " << one.name << " "
                  << Json(one.attributes).dump() << "\n";
    EndToEnd::TearDown();
  }
  static Collector& collector() {
    static Collector made;
    return made;
  }

  std::string silent_image(const std::string& tag) const {
    return silent_registry().host() + "/" + repository() + ":" + tag;
  }
  void start_traced(int settle = 1, bool polling = false) {
    OperatorSettings with{.registry = silent_registry().host(), .notified = collector().hook_url()};
    with.rollouts = {{"settle", settle}, {"checkInterval", 1}};
    with.polling = polling;
    with.environment = {"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector().endpoint(), "OTEL_BSP_SCHEDULE_DELAY=100",
                        "OTEL_SERVICE_NAME=headwind-under-test",
                        "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test%20bed",
                        "OTEL_EXPORTER_OTLP_HEADERS=x-tenant=planted-secret"};
    start(with);
  }
  // The push of `tag`, announced as a part of our trace.
  void push(const std::string& tag) {
    silent_registry().push(repository(), tag);
    const Json target{{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                      {"digest", ""},
                      {"repository", silent_registry().host() + "/" + repository()},
                      {"tag", tag}};
    const Json event{{"events", {{{"action", "push"}, {"target", target}}}}};
    const Reply told = call("POST", OperatorProcess::webhook_url(), event.dump(),
                            {{"Content-Type", "application/json"},
                             {"traceparent", "00-" + trace_ + "-00f067aa0ba902b7-01"},
                             {"tracestate", "vendor=planted"}});
    ASSERT_EQ(told.status, 200U) << told.body;
  }

  // The span of that name in our trace, once it is there.
  Seen span(const std::string& name) const {
    const auto find = [&](Seen& found) {
      for (const Seen& one : collector().spans_of(trace_))
        if (one.name == name) found = one;
      return !found.id.empty();
    };
    Seen found;
    EXPECT_TRUE(eventually([&] { return find(found); })) << "no span " << name;
    return found;
  }
  std::vector<Seen> children_of(const Seen& parent) const {
    std::vector<Seen> all = collector().spans_of(parent.trace);
    std::erase_if(all, [&](const Seen& one) { return one.parent != parent.id; });
    return all;
  }
  static bool has(const std::vector<Seen>& spans, const std::string& name) {
    return std::any_of(spans.begin(), spans.end(), [&](const Seen& one) { return one.name == name; });
  }

  std::string trace_;
};

}  // namespace headwind::end_to_end
