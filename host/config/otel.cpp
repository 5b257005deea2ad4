// SPDX-License-Identifier: Apache-2.0
// The variables OTEL_... of traces. Those that concern traces alone rank before those of all signals.
#include <algorithm>
#include <charconv>

#include "config/former.hpp"
#include "config/trace_values.hpp"
#include "config/traces.hpp"

namespace headwind::config {
namespace {

std::string_view value_of(const TextMap& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : trim(found->second);
}

class Variables {
 public:
  Variables(Config& config, const TextMap& environment) : config_(config), environment_(environment) {}

  // `set` gets the value where the variable is set.
  template <class Set>
  void read(std::string_view name, Set set) {
    const std::string_view value = value_of(environment_, name);
    if (value.empty()) return;
    if (const Problem problem = set(value)) warn(config_, std::string(name) + " has no effect: " + *problem);
  }
  // OTEL_EXPORTER_OTLP_<name> and OTEL_EXPORTER_OTLP_TRACES_<name>.
  template <class Set>
  void read_both(std::string_view name, Set set) {
    const std::string of_traces = "OTEL_EXPORTER_OTLP_TRACES_" + std::string(name);
    const bool own = !value_of(environment_, of_traces).empty();
    read(own ? of_traces : "OTEL_EXPORTER_OTLP_" + std::string(name),
         [&](std::string_view value) { return set(value, own); });
  }

 private:
  Config& config_;
  const TextMap& environment_;
};

Problem read_ms(std::string_view value, std::chrono::milliseconds& out) {
  std::uint32_t ms = 0;
  if (auto problem = read_number(value, 1, 600'000, ms)) return *problem + ", in milliseconds";
  out = std::chrono::milliseconds(ms);
  return {};
}

void read_exporter(Variables& variables, Config& config) {
  Traces& traces = config.traces;
  variables.read_both("ENDPOINT", [&](std::string_view value, bool own) -> Problem {
    if (auto problem = check_http_url(value)) return problem;
    std::string_view base = value;
    while (!own && base.ends_with('/')) base.remove_suffix(1);
    traces.endpoint = std::string(base) + std::string(own ? std::string_view() : traces_path);
    return {};
  });
  variables.read_both("HEADERS", [&](std::string_view value, bool own) -> Problem {
    if (!parse_key_values(value)) return "must be a list such as key=value,other=value";
    traces.header_list = own ? "OTEL_EXPORTER_OTLP_TRACES_HEADERS" : "OTEL_EXPORTER_OTLP_HEADERS";
    return {};
  });
  variables.read_both("TIMEOUT", [&](std::string_view value, bool) { return read_ms(value, traces.timeout); });
  variables.read_both("COMPRESSION",
                      [&](std::string_view value, bool) { return read_compression(value, traces.compression); });
  variables.read_both("PROTOCOL", [](std::string_view value, bool) -> Problem {
    if (value == "http/json") return {};
    return "traces are sent as http/json alone, which every collector takes at its port for HTTP, 4318";
  });
  const auto text = [](std::string& out) {
    return [&out](std::string_view value, bool) -> Problem {
      out = value;
      return {};
    };
  };
  variables.read_both("CERTIFICATE", text(traces.ca_file));
  variables.read_both("CLIENT_CERTIFICATE", text(traces.certificate_file));
  variables.read_both("CLIENT_KEY", text(traces.key_file));
}

void read_sdk(Variables& variables, Traces& traces) {
  variables.read("OTEL_RESOURCE_ATTRIBUTES", [&](std::string_view value) -> Problem {
    const auto pairs = parse_key_values(value);
    if (!pairs) return "must be a list such as key=value,other=value";
    for (const auto& [key, one] : *pairs) traces.resource[key] = one;
    return {};
  });
  variables.read("OTEL_SERVICE_NAME", [&](std::string_view value) -> Problem {
    traces.resource.erase("service.name");
    traces.service_name = value;
    return {};
  });
  variables.read("OTEL_TRACES_SAMPLER", [&](std::string_view value) { return read_sampler(value, traces.sampler); });
  variables.read("OTEL_TRACES_SAMPLER_ARG", [&](std::string_view value) { return read_ratio(value, traces.ratio); });
  variables.read("OTEL_SDK_DISABLED", [&](std::string_view value) -> Problem {
    traces.disabled = traces.disabled || equals_ignoring_case(value, "true");
    return {};
  });
  variables.read("OTEL_TRACES_EXPORTER", [&](std::string_view value) -> Problem {
    if (value != "none" && value != "otlp") return one_of(value, {"otlp", "none"});
    traces.disabled = traces.disabled || value == "none";
    return {};
  });
  variables.read("OTEL_BSP_SCHEDULE_DELAY", [&](std::string_view value) { return read_ms(value, traces.delay); });
  variables.read("OTEL_BSP_EXPORT_TIMEOUT",
                 [&](std::string_view value) { return read_ms(value, traces.export_timeout); });
  variables.read("OTEL_BSP_MAX_QUEUE_SIZE",
                 [&](std::string_view value) { return read_number(value, 1, 1'000'000, traces.queue); });
  variables.read("OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
                 [&](std::string_view value) { return read_number(value, 1, 1'000'000, traces.batch); });
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text.size() < i + 3 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

}  // namespace

void apply_otel(Config& config, const TextMap& environment) {
  Variables variables(config, environment);
  read_exporter(variables, config);
  read_sdk(variables, config.traces);
  config.traces.batch = std::min(config.traces.batch, config.traces.queue);
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_key_values(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view member : split(text, ',')) {
    if (trim(member).empty()) continue;
    const std::size_t equals = member.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto key = percent_decoded(trim(member.substr(0, equals)));
    const auto value = percent_decoded(trim(member.substr(equals + 1)));
    if (!key || key->empty() || !value) return std::nullopt;
    pairs.emplace_back(*key, *value);
  }
  return pairs;
}

Result<std::vector<std::pair<std::string, std::string>>> trace_headers(const Config& config,
                                                                       const TextMap& environment) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, reference] : config.trace_headers) {
    Result<std::string> value = read_secret(reference, environment);
    if (!value) return value.error();
    headers.emplace_back(name, std::move(*value));
  }
  if (config.traces.header_list.empty()) return headers;
  const auto listed = parse_key_values(value_of(environment, config.traces.header_list));
  if (!listed)
    return make_error(Code::invalid, config.traces.header_list + " must be a list such as key=value,other=value");
  for (const auto& [name, value] : *listed) {
    std::erase_if(headers, [&](const auto& other) { return equals_ignoring_case(other.first, name); });
    headers.emplace_back(name, value);
  }
  return headers;
}

}  // namespace headwind::config
