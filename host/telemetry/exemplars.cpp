// SPDX-License-Identifier: Apache-2.0
#include "telemetry/exemplars.hpp"

#include <algorithm>

namespace headwind::telemetry {
namespace {

constexpr std::size_t id_length = 32, version_length = 3;  // "00-"

bool is_trace_id(std::string_view text) {
  return text.size() == id_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

void Exemplars::note(double value, std::string_view trace_id, std::int64_t unix_ms) {
  if (!is_trace_id(trace_id)) return;
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  const std::lock_guard lock(mutex_);
  newest_[static_cast<std::size_t>(bucket)] = {std::string(trace_id), value, static_cast<double>(unix_ms) / 1000};
}

std::vector<Exemplar> Exemplars::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

std::string_view trace_id_within(std::string_view traceparent) {
  if (traceparent.size() <= version_length + id_length || traceparent[version_length - 1] != '-') return {};
  const std::string_view id = traceparent.substr(version_length, id_length);
  return is_trace_id(id) && traceparent[version_length + id_length] == '-' ? id : std::string_view();
}

}  // namespace headwind::telemetry
