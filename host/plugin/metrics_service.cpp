// SPDX-License-Identifier: Apache-2.0
#include "plugin/metrics_service.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "core/text.hpp"
#include "plugin/abi.hpp"

namespace headwind::plugin {
namespace {

bool is_metric_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && (name.front() < '0' || name.front() > '9') &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string prefix_of(std::string_view plugin) {
  constexpr std::string_view kOurs = "headwind.";
  std::string prefix = plugin.starts_with(kOurs) ? "headwind_" : "headwind_custom_";
  if (plugin.starts_with(kOurs)) plugin.remove_prefix(kOurs.size());
  for (const char c : plugin) prefix += c == '.' || c == '-' ? '_' : c;
  return prefix + "_";
}

}  // namespace

MetricsService::MetricsService(telemetry::Metrics& metrics, std::string instance, const std::string& plugin)
    : metrics_(metrics), instance_(std::move(instance)), prefix_(prefix_of(plugin)) {}

std::uint32_t MetricsService::define(std::int32_t type, hw_str name, hw_str help) {
  if (type < HW_COUNTER || type > HW_HISTOGRAM || !is_metric_name(view(name)) || !is_text(help)) return 0;
  const std::lock_guard lock(mutex_);
  const std::uint32_t count = count_;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (series_[i].name == view(name)) return series_[i].type == type ? i + 1 : 0;
  }
  if (count == kMost) return 0;
  Series& series = series_[count];
  series.name = view(name);
  series.type = type;
  const std::string family = prefix_ + series.name, text = printable(view(help));
  const telemetry::Labels labels{{"instance", instance_}};
  switch (type) {
    case HW_COUNTER: series.counter = metrics_.counter(family, text, labels); break;
    case HW_GAUGE: series.gauge = metrics_.gauge(family, text, labels); break;
    default: series.histogram = metrics_.histogram(family, text, {0.001, 0.01, 0.1, 1, 10, 100, 1000}, labels);
  }
  count_ = count + 1;
  return count + 1;
}

void MetricsService::record(std::uint32_t id, double value) {
  if (id == 0 || id > count_ || !std::isfinite(value)) return;
  const Series& series = series_[id - 1];
  switch (series.type) {
    case HW_COUNTER:
      if (value >= 0) series.counter.add(value);
      break;
    case HW_GAUGE: series.gauge.set(value); break;
    default: series.histogram.observe(value);
  }
}

}  // namespace headwind::plugin
