// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "telemetry/log.hpp"

namespace headwind::telemetry {
namespace {

constexpr std::size_t max_series = 1000;  // of one family: a label taken from foreign text must not fill the memory

template <class T>
T* as(void* series) {
  return static_cast<T*>(series);
}

}  // namespace

void Counter::add(double by) const {
  if (series_ && by > 0) as<prometheus::Counter>(series_)->Increment(by);
}
double Counter::value() const { return series_ ? as<prometheus::Counter>(series_)->Value() : 0; }

void Gauge::set(double value) const {
  if (series_) as<prometheus::Gauge>(series_)->Set(value);
}
void Gauge::add(double by) const {
  if (series_) as<prometheus::Gauge>(series_)->Increment(by);
}
double Gauge::value() const { return series_ ? as<prometheus::Gauge>(series_)->Value() : 0; }

void Histogram::observe(double value) const {
  if (series_) as<prometheus::Histogram>(series_)->Observe(value);
}

struct Metrics::Impl {
  struct Family {
    prometheus::MetricType type{};
    void* family = nullptr;
    std::map<Labels, void*> series;
    bool full = false;  // said once
  };

  prometheus::Registry registry;
  std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;

  // nullptr where the name or a label is not one that Prometheus takes, the name has another type already, or the
  // family is full: what such a handle counts is lost, and the program goes on.
  template <class T, class Make>
  void* series(std::string_view name, std::string_view help, const Labels& labels, const Make& make) {
    const std::lock_guard lock(mutex);
    try {
      auto found = families.find(name);
      if (found == families.end()) {
        auto& made =
            prometheus::detail::Builder<T>().Name(std::string(name)).Help(std::string(help)).Register(registry);
        found = families.emplace(name, Family{T::metric_type, &made, {}, false}).first;
      }
      Family& family = found->second;
      if (family.type != T::metric_type) throw std::invalid_argument("the name is taken by a metric of another type");
      if (const auto known = family.series.find(labels); known != family.series.end()) return known->second;
      if (family.series.size() >= max_series) {
        if (!family.full) warn("telemetry", "metric has too many series", {{"metric", name}});
        family.full = true;
        return nullptr;
      }
      void* const series = &make(*as<prometheus::Family<T>>(family.family), labels);
      family.series.emplace(labels, series);
      return series;
    } catch (const std::exception& failure) {
      error("telemetry", "metric refused", {{"metric", name}, {"reason", failure.what()}});
      return nullptr;
    }
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  const auto make = [](auto& family, const Labels& of) -> auto& { return family.Add(of); };
  return Counter(impl_->series<prometheus::Counter>(name, help, labels, make));
}

Gauge Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  const auto make = [](auto& family, const Labels& of) -> auto& { return family.Add(of); };
  return Gauge(impl_->series<prometheus::Gauge>(name, help, labels, make));
}

Histogram Metrics::histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                             const Labels& labels) {
  const auto make = [&bounds](auto& family, const Labels& of) -> auto& {
    if (!std::is_sorted(bounds.begin(), bounds.end(), std::less_equal<>())) {
      throw std::invalid_argument("the bounds of a histogram must rise");
    }
    return family.Add(of, bounds);
  };
  return Histogram(impl_->series<prometheus::Histogram>(name, help, labels, make));
}

std::string Metrics::text() const {
  auto families = impl_->registry.Collect();
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (auto& family : families) {
    std::sort(family.metric.begin(), family.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace headwind::telemetry
