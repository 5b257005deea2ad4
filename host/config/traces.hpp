// SPDX-License-Identifier: Apache-2.0
// The key `telemetry.traces`, and the variables OTEL_... that every program with OpenTelemetry reads:
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/text.hpp"

namespace headwind::config {

struct Config;
class Report;
struct YamlNode;

struct Traces {
  std::string endpoint;                       // "http://collector:4318/v1/traces"; empty: nothing is recorded
  bool disabled = false;                      // OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER=none
  std::string compression = "gzip";           // or none
  std::chrono::milliseconds timeout{10'000};  // of one request
  std::string service_name = "headwind";
  std::map<std::string, std::string> resource;  // resource attributes
  std::string sampler = "parentbased_always_on";
  double ratio = 1;  // of ...traceidratio
  std::uint32_t queue = 2048, batch = 512;
  std::chrono::milliseconds delay{5000};             // before spans that are no whole batch are sent
  std::chrono::milliseconds export_timeout{30'000};  // of one batch, tries and pauses included
  std::string ca_file, certificate_file, key_file;
  // The variable with the list of headers, "key=value,..."; or empty. Its value is a secret and stays there.
  std::string header_list;
  bool operator==(const Traces&) const = default;

  bool are_on() const { return !endpoint.empty() && !disabled; }
};

void read_traces(Config& config, const YamlNode& node, std::string_view path, Report& report);
// The variables over `config`. Other programs read them, too, and take more: what is not understood is a warning.
void apply_otel(Config& config, const TextMap& environment);

// "key=value,other=a%20b" as OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES have it; values percent-encoded.
// Nothing where it is no such list.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_key_values(std::string_view text);
// The headers of an export with their values, which are secrets. The error names a key or a variable, never a value.
Result<std::vector<std::pair<std::string, std::string>>> trace_headers(const Config& config,
                                                                       const TextMap& environment);

}  // namespace headwind::config
