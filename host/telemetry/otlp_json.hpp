// SPDX-License-Identifier: Apache-2.0
// The body of an OTLP/HTTP export, in JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/span.hpp"

namespace headwind::telemetry {

// ExportTraceServiceRequest: all spans under one resource. `version`: of the scope "headwind".
std::string otlp_json(const std::vector<SpanRecord>& spans, const std::map<std::string, std::string>& resource,
                      std::string_view version);

// Compressed as Content-Encoding: gzip says.
std::string gzip(std::string_view text);

// What the collector answered with 200: how many spans it rejected for good, and why.
struct PartialSuccess {
  std::int64_t rejected = 0;
  std::string message;
};
// Of a body that says nothing, or nothing that is understood: none rejected.
PartialSuccess partial_success_of(std::string_view body);

}  // namespace headwind::telemetry
