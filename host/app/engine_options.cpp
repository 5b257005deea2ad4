// SPDX-License-Identifier: Apache-2.0
#include "app/engine_options.hpp"

namespace headwind::app {
namespace {

update::SweepMode sweep_mode(config::SweepMode mode) {
  switch (mode) {
    case config::SweepMode::off: return update::SweepMode::off;
    case config::SweepMode::report: return update::SweepMode::report;
    case config::SweepMode::apply: return update::SweepMode::apply;
  }
  return update::SweepMode::off;
}

}  // namespace

update::EngineOptions engine_options(const config::Config& config, std::chrono::milliseconds confirm_window) {
  update::EngineOptions options;
  options.min_update_interval = config.min_update_interval;
  options.request_lifetime = config.request_lifetime;
  options.confirm_window = confirm_window;
  options.namespaces = true;
  options.exclude_trigger = config.exclude_trigger;
  options.platforms = config.platforms;
  options.health_check_interval = config.rollout_check_interval;
  options.rollout_settle = config.rollout_settle;
  options.max_rollouts = config.max_rollouts;
  options.max_rollouts_per_namespace = config.max_rollouts_per_namespace;
  options.polling = config.polling;
  options.chart_discovery = config.chart_discovery;
  options.sweep = sweep_mode(config.sweep);
  options.sweep_interval = config.sweep_interval;
  return options;
}

}  // namespace headwind::app
