// SPDX-License-Identifier: Apache-2.0
#include "telemetry/openmetrics.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <string_view>

namespace headwind::telemetry {
namespace {

using Label = prometheus::ClientMetric::Label;
using prometheus::MetricType;

constexpr std::string_view total = "_total";

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

// A bound says that it is no whole number's label: "1.0".
std::string bound(double value) {
  std::string text = number(value);
  if (text.find_first_of(".eIN") == std::string::npos) text += ".0";
  return text;
}

// A time in seconds, to the millisecond: without an exponent, which not every reader takes.
std::string seconds(double value) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3);
  return {text.data(), end.ptr};
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || c == '"')
      (out += '\\') += c;
    else
      out += c;
  }
}

// {a="b",le="0.1"}; nothing where there are no labels.
void append_labels(std::string& out, const std::vector<Label>& labels, const std::string& le = {}) {
  if (labels.empty() && le.empty()) return;
  char before = '{';
  const auto append = [&](std::string_view name, std::string_view value) {
    ((out += before) += name) += "=\"";
    append_escaped(out, value);
    out += '"';
    before = ',';
  };
  for (const Label& label : labels) append(label.name, label.value);
  if (!le.empty()) append("le", le);
  out += '}';
}

void append_sample(std::string& out, std::string_view name, const std::vector<Label>& labels, double value) {
  out += name;
  append_labels(out, labels);
  ((out += ' ') += number(value)) += '\n';
}

void append_histogram(std::string& out, const std::string& name, const prometheus::ClientMetric& metric,
                      const std::vector<Exemplar>& exemplars) {
  const auto& buckets = metric.histogram.bucket;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    (out += name) += "_bucket";
    append_labels(out, metric.label, bound(buckets[i].upper_bound));
    (out += ' ') += std::to_string(buckets[i].cumulative_count);
    if (i < exemplars.size() && !exemplars[i].trace_id.empty()) {
      ((out += " # {trace_id=\"") += exemplars[i].trace_id) += "\"} ";
      ((out += number(exemplars[i].value)) += ' ') += seconds(exemplars[i].unix_s);
    }
    out += '\n';
  }
  append_sample(out, name + "_count", metric.label, static_cast<double>(metric.histogram.sample_count));
  append_sample(out, name + "_sum", metric.label, metric.histogram.sample_sum);
}

struct Named {
  std::string family;  // as its lines of TYPE and HELP name it
  std::string_view type;
};

Named named(const prometheus::MetricFamily& family, const std::set<std::string_view>& taken) {
  switch (family.type) {
    case MetricType::Gauge: return {family.name, "gauge"};
    case MetricType::Histogram: return {family.name, "histogram"};
    case MetricType::Counter: break;
    default: return {family.name, "unknown"};
  }
  if (!family.name.ends_with(total)) return {family.name, "unknown"};
  std::string base = family.name.substr(0, family.name.size() - total.size());
  if (taken.contains(base)) return {family.name, "unknown"};  // two families must not have one name
  return {std::move(base), "counter"};
}

void append_head(std::string& out, const Named& name, std::string_view help) {
  (((out += "# TYPE ") += name.family) += ' ') += name.type;
  out += '\n';
  for (const std::string_view unit : {"seconds", "bytes"})
    if (name.family.ends_with(std::string("_").append(unit)))
      (((out += "# UNIT ") += name.family) += ' ').append(unit) += '\n';
  ((out += "# HELP ") += name.family) += ' ';
  append_escaped(out, help);
  out += '\n';
}

}  // namespace

std::string open_metrics(const std::vector<prometheus::MetricFamily>& families, const ExemplarsOf& exemplars) {
  std::set<std::string_view> taken;
  for (const auto& family : families) taken.insert(family.name);
  std::string out;
  for (const auto& family : families) {
    if (family.metric.empty()) continue;
    append_head(out, named(family, taken), family.help);
    for (const prometheus::ClientMetric& metric : family.metric) {
      switch (family.type) {
        case MetricType::Counter: append_sample(out, family.name, metric.label, metric.counter.value); break;
        case MetricType::Gauge: append_sample(out, family.name, metric.label, metric.gauge.value); break;
        case MetricType::Histogram:
          append_histogram(out, family.name, metric, exemplars(family.name, metric.label));
          break;
        default: append_sample(out, family.name, metric.label, metric.untyped.value);
      }
    }
  }
  return out + "# EOF\n";
}

}  // namespace headwind::telemetry
