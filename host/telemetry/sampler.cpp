// SPDX-License-Identifier: Apache-2.0
#include "telemetry/sampler.hpp"

#include <charconv>
#include <cstdint>
#include <string>

#include "core/text.hpp"

namespace headwind::telemetry {

Result<Sampler> Sampler::make(std::string_view name, double ratio) {
  constexpr std::string_view parent_based = "parentbased_";
  Sampler sampler;
  std::string_view base = name;
  sampler.parent_based_ = base.starts_with(parent_based);
  if (sampler.parent_based_) base.remove_prefix(parent_based.size());
  if (base == "always_on") {
    sampler.ratio_ = 1;
  } else if (base == "always_off") {
    sampler.ratio_ = 0;
  } else if (base == "traceidratio") {
    if (!(ratio >= 0 && ratio <= 1)) return make_error(Code::invalid, "must be a share from 0 to 1, such as 0.1");
    sampler.ratio_ = ratio;
  } else {
    return make_error(Code::invalid, "'" + printable(name, 64) +
                                         "' is unknown: use always_on, always_off or traceidratio, each also after "
                                         "parentbased_");
  }
  return sampler;
}

bool Sampler::samples(std::string_view trace_id, const TraceContext* parent) const {
  if (parent_based_ && parent != nullptr) return parent->sampled;
  if (ratio_ >= 1) return true;
  if (ratio_ <= 0) return false;
  // Of the last 56 bits, which are random in every scheme of ids, the upper end: all programs of a trace decide alike.
  // https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
  std::uint64_t tail = 0;
  const std::string_view digits = trace_id.substr(trace_id.size() - 14);
  std::from_chars(digits.data(), digits.data() + digits.size(), tail, 16);
  return tail >= static_cast<std::uint64_t>((1 - ratio_) * 0x1p56);
}

}  // namespace headwind::telemetry
