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

#include "core/clock.hpp"
#include "telemetry/exemplars.hpp"
#include "telemetry/log.hpp"
#include "telemetry/openmetrics.hpp"

namespace headwind::telemetry {
namespace {

constexpr std::size_t max_series = 1000;  // of one family: a label taken from foreign text must not fill the memory

template <class T>
T* as(void* series) {
  return static_cast<T*>(series);
}

// What a handle of a histogram points at.
struct TracedHistogram {
  TracedHistogram(prometheus::Histogram& histogram, const std::vector<double>& bounds)
      : counts(histogram), exemplars(bounds) {}
  prometheus::Histogram& counts;
  Exemplars exemplars;
};

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

void Histogram::observe(double value, std::string_view trace_id) const {
  if (!series_) return;
  as<TracedHistogram>(series_)->counts.Observe(value);
  if (!trace_id.empty()) as<TracedHistogram>(series_)->exemplars.note(value, trace_id, system_clock().unix_ms());
}

struct Metrics::Impl {
  struct Family {
    prometheus::MetricType type{};
    void* family = nullptr;
    std::map<Labels, void*> series;
    bool full = false;  // said once
  };

  prometheus::Registry registry;
  mutable std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;
  std::vector<std::unique_ptr<TracedHistogram>> histograms;
  std::vector<std::function<void()>> measures;

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
      void* const series = make(*as<prometheus::Family<T>>(family.family), labels);
      family.series.emplace(labels, series);
      return series;
    } catch (const std::exception& failure) {
      error("telemetry", "metric refused", {{"metric", name}, {"reason", failure.what()}});
      return nullptr;
    }
  }

  // Sorted, by names and labels.
  std::vector<prometheus::MetricFamily> read() const {
    std::vector<std::function<void()>> all;
    {
      const std::lock_guard lock(mutex);
      all = measures;
    }
    for (const auto& measure : all) measure();
    auto found = registry.Collect();
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (auto& family : found) {
      std::sort(family.metric.begin(), family.metric.end(),
                [](const auto& a, const auto& b) { return a.label < b.label; });
    }
    return found;
  }

  std::vector<Exemplar> exemplars_of(const std::string& name,
                                     const std::vector<prometheus::ClientMetric::Label>& labels) const {
    Labels wanted;
    for (const auto& label : labels) wanted[label.name] = label.value;
    const std::lock_guard lock(mutex);
    const auto family = families.find(name);
    if (family == families.end()) return {};
    const auto series = family->second.series.find(wanted);
    return series == family->second.series.end() ? std::vector<Exemplar>()
                                                 : as<TracedHistogram>(series->second)->exemplars.newest();
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  const auto make = [](auto& family, const Labels& of) { return &family.Add(of); };
  return Counter(impl_->series<prometheus::Counter>(name, help, labels, make));
}

Gauge Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  const auto make = [](auto& family, const Labels& of) { return &family.Add(of); };
  return Gauge(impl_->series<prometheus::Gauge>(name, help, labels, make));
}

Histogram Metrics::histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                             const Labels& labels) {
  const auto make = [&](auto& family, const Labels& of) {  // under the lock
    if (!std::is_sorted(bounds.begin(), bounds.end(), std::less_equal<>())) {
      throw std::invalid_argument("the bounds of a histogram must rise");
    }
    impl_->histograms.push_back(std::make_unique<TracedHistogram>(family.Add(of, bounds), bounds));
    return impl_->histograms.back().get();
  };
  return Histogram(impl_->series<prometheus::Histogram>(name, help, labels, make));
}

void Metrics::before_reading(std::function<void()> measure) {
  const std::lock_guard lock(impl_->mutex);
  impl_->measures.push_back(std::move(measure));
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(impl_->read()); }

std::string Metrics::openmetrics() const {
  return open_metrics(impl_->read(),
                      [this](const auto& family, const auto& labels) { return impl_->exemplars_of(family, labels); });
}

}  // namespace headwind::telemetry
