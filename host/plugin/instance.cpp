// SPDX-License-Identifier: Apache-2.0
#include "plugin/instance.hpp"

#include <utility>

#include "core/clock.hpp"
#include "plugin/frame.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {
constexpr std::size_t kMostCalls = 20'000;  // waiting and running: beyond it, the caller is told to come back
}  // namespace

Instance::Instance(InstanceConfig config, const hw_plugin& plugin, const std::filesystem::path& file,
                   std::shared_ptr<Runtime> runtime)
    : config_(std::move(config)),
      plugin_(plugin),
      file_(file.filename().string()),
      runtime_(std::move(runtime)),
      breaker_(remedy(), runtime_->first_rest),
      metrics_(runtime_->metrics, config_.name),
      services_(Services::make(runtime_, config_, plugin_)),
      blocking_(runtime_->blocking_per_instance) {}

std::string Instance::remedy() const {
  return "mend " + std::string(view(plugin_.id)) + " (" + file_ + "), or take the instance out of plugins.instances";
}

InstanceInfo Instance::describe() const {
  InstanceInfo info;
  info.name = name();
  info.plugin = config_.plugin;
  info.kind = to_string(kind());
  info.state = "ready";
  if (retired()) {
    info.state = "draining";
    info.reason = "it is replaced or no longer wanted, and ends with its last call";
  } else if (const std::optional<Error> refusal = breaker_.refusal(system_clock().mono_ms())) {
    info.state = breaker_.quarantined() ? "quarantined" : "resting";
    info.reason = refusal->message;
  }
  info.calls = tally_.calls();
  info.in_flight = running();
  info.errors = tally_.errors();
  info.last_error = tally_.last_error();
  info.last_error_ms = tally_.last_error_ms();
  info.since_ms = tally_.since_ms();
  return info;
}

std::chrono::milliseconds Instance::deadline(Function function) const {
  const auto found = config_.deadlines.find(std::string(traits(function).name));
  return found == config_.deadlines.end() ? traits(function).deadline : found->second;
}

bool Instance::submit(const std::shared_ptr<Frame>& frame) {
  const Traits& promise = traits(frame->function());
  frame->workers = promise.quick ? runtime_->quick : runtime_->blocking;
  if (frame->function() != Function::create && frame->function() != Function::destroy) {
    if (promise.serial || (plugin_.flags & HW_PLUGIN_SERIAL) != 0) {
      frame->lane = &serial_;
    } else if (!promise.quick) {
      frame->lane = &blocking_;
    }
  }
  if (running_.fetch_add(1) < kMostCalls) {
    if (frame->lane == nullptr ? frame->workers->submit(frame) : frame->lane->submit(frame)) return true;
  }
  --running_;
  return false;
}

void Instance::left(Frame& frame) {
  if (frame.lane != nullptr) frame.lane->release();
  --running_;
}

void Instance::write_off(Frame& frame) {
  breaker_.overrun();
  show_stuck(1);
  show_quarantine(true);
  frame.workers->replace();
  telemetry::error("plugin", "a call never returned; the instance is quarantined",
                   {{"instance", name()}, {"function", traits(frame.function()).name}});
  for (Lane* lane : {&serial_, &blocking_}) {
    for (const std::shared_ptr<Frame>& waiting : lane->drain()) {
      waiting->drop();
      --running_;
      runtime_->loop->post(waiting);
    }
  }
  tell_outage();
}

void Instance::tell_outage() const {
  if (runtime_->on_outage && made && !retired_) runtime_->on_outage(describe());
}

void Instance::came_back() {
  breaker_.come_back(system_clock().mono_ms());
  if (runtime_->closed) return;
  show_stuck(-1);
  if (!breaker_.quarantined()) show_quarantine(false);
  telemetry::warn("plugin", "an abandoned call has returned; the instance rests before it is used again",
                  {{"instance", name()}});
}

void Instance::show_quarantine(bool quarantined) {
  if (retired_) return;
  runtime_->metrics
      .gauge("headwind_plugin_quarantined",
             "1 for an instance that is not called, because it crashed Headwind or never returned.",
             {{"instance", name()}})
      .set(quarantined ? 1 : 0);
}

void Instance::show_stuck(std::ptrdiff_t change) {
  runtime_->stuck += change;
  runtime_->metrics.gauge("headwind_plugin_abandoned_calls", "Calls into plugins that never returned.")
      .add(static_cast<double>(change));
}

}  // namespace headwind::plugin
