// SPDX-License-Identifier: Apache-2.0
#include "plugin/retirement.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <thread>
#include <utility>

#include "core/clock.hpp"
#include "plugin/guard.hpp"
#include "plugin/lifecycle.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {

using std::chrono::milliseconds;

bool are_idle(const Instances& instances) {
  return std::ranges::all_of(instances, [](const auto& instance) { return is_idle(*instance); });
}

Task<> destroy(std::shared_ptr<Instance> instance, std::shared_ptr<std::size_t> left) {
  const Result<> destroyed = co_await run_one(make_destroy(instance));
  if (!destroyed) telemetry::warn("plugin", "an instance was not destroyed", {{"error", destroyed.error().message}});
  --*left;
}

}  // namespace

bool is_idle(const Instance& instance) { return instance.running() == 0; }

Task<> wait_idle(Instances instances, milliseconds limit) {
  const std::int64_t end = system_clock().mono_ms() + limit.count();
  while (!are_idle(instances) && system_clock().mono_ms() < end) co_await sleep_for(milliseconds(5));
}

void block_until_idle(const Instances& instances, milliseconds limit) {
  const std::int64_t end = system_clock().mono_ms() + limit.count();
  while (!are_idle(instances) && system_clock().mono_ms() < end) std::this_thread::sleep_for(milliseconds(1));
}

Task<> destroy_all(Instances instances) {
  const auto left = std::make_shared<std::size_t>(instances.size());
  const Executor executor = co_await boost::asio::this_coro::executor;
  for (const auto& instance : instances) spawn(executor, "the end of a plugin instance", destroy(instance, left));
  while (*left > 0) co_await sleep_for(milliseconds(2));
}

void Retired::add(const Executor& executor, std::shared_ptr<Instance> instance) {
  instance->retire();
  all_.push_back(instance);
  spawn(executor, "the last calls of a plugin instance", see_off(weak_from_this(), std::move(instance)));
}

Task<> Retired::see_off(std::weak_ptr<Retired> weak, std::shared_ptr<Instance> instance) {
  // Its calls end by their own deadlines, but for one that was abandoned: hence ever longer pauses.
  for (milliseconds pause(1); instance->is_held(); pause = std::min(pause * 2, milliseconds(1000))) {
    co_await sleep_for(pause);
    if (weak.expired()) co_return;
  }
  const std::shared_ptr<Retired> self = weak.lock();
  if (self == nullptr || std::erase(self->all_, instance) == 0) co_return;  // the host ends it
  co_await destroy_all(Instances(1, instance));
  telemetry::debug("plugin", "an instance has ended", {{"instance", instance->name()}});
}

}  // namespace headwind::plugin
