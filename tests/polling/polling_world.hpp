// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include "app/polling.hpp"
#include "world.hpp"

namespace headwind::app::testing {

// A clock that a test can set, or let jump.
struct OwnClock final : Clock {
  std::int64_t unix_ms() const override { return system_clock().unix_ms() + jump_ms; }
  std::int64_t mono_ms() const override { return system_clock().mono_ms(); }
  std::int64_t jump_ms = 0;
};

struct PollingWorld : ::testing::Test {
  using Annotations = std::map<std::string, std::string>;

  // The process, before it has seen anything: to be told what the registry answers.
  void make() {
    update::EngineOptions engine_options = update::testing::quick();
    engine_options.sweep = sweep;
    engine_options.sweep_interval = std::chrono::seconds(1);
    world = new update::testing::World(store, engine_options, [this](update::testing::World& made) {
      polling = new RegistryPolling(made.io.get_executor(), made, made.metrics, made.compat, clock, options);
      return polling;
    });
    worlds.push_back(world);
    polling->connect(*world->engine);
  }
  void begin() {
    if (world == nullptr) make();
    world->start();
  }
  ~PollingWorld() override {
    if (polling != nullptr) polling->close();
  }
  void deploy(const std::string& name, const std::string& image, const std::string& access, Annotations more = {}) {
    more.merge(Annotations{
        {"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}, {"event-source", "polling"}});
    store.deploy("Deployment", name, {{"app", image}}, more);
    store.set_access(update::testing::deployment(name), access);
  }
  // Runs until `reached`; a deadline only guards against hanging.
  bool eventually(const std::function<bool()>& reached) {
    const std::int64_t start = system_clock().mono_ms();
    while (!reached() && system_clock().mono_ms() - start < 60'000) {
      world->io.restart();
      world->io.run_for(std::chrono::milliseconds(5));
    }
    return reached();
  }
  // Until each stream was asked so many times more.
  bool cycles(double more) {
    const double until = world->compat.polling_cycles_total.value() + more;
    // It counts as they begin: their answers come a few turns of the loop later.
    const bool begun = eventually([&] { return world->compat.polling_cycles_total.value() >= until; });
    world->io.restart();
    world->io.run_for(std::chrono::milliseconds(20));
    return begun && eventually([&] { return world->engine->idle(); });
  }
  double doubted(const std::string& reason) {
    return world->metrics.counter("headwind_polling_doubted_total", "", {{"reason", reason}}).value();
  }
  std::size_t events(const std::string& reason) const {
    std::size_t count = 0;
    for (const std::string& event : store.events)
      count += event.find(" " + reason + ":") != std::string::npos ? 1U : 0U;
    return count;
  }

  update::testing::Store store;
  OwnClock clock;
  PollingOptions options{
      .interval = std::chrono::milliseconds(200),
      .poller = {.unserved = std::chrono::milliseconds(100), .settled = std::chrono::milliseconds(100)}};
  update::SweepMode sweep = update::SweepMode::off;
  update::testing::World* world = nullptr;
  RegistryPolling* polling = nullptr;
  static inline std::vector<update::testing::World*>& worlds =
      *new std::vector<update::testing::World*>();  // reachable, never freed: nor is what runs in them
};

}  // namespace headwind::app::testing
