// SPDX-License-Identifier: Apache-2.0
#include "config/traces.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/duration.hpp"
#include "config/reader.hpp"
#include "config/trace_values.hpp"

namespace headwind::config {
namespace {

constexpr std::array<std::string_view, 6> samplers{"always_on",
                                                   "always_off",
                                                   "traceidratio",
                                                   "parentbased_always_on",
                                                   "parentbased_always_off",
                                                   "parentbased_traceidratio"};

// A collector by its address alone is asked at the usual path.
Problem set_endpoint(std::string_view value, std::string& out) {
  if (auto problem = check_http_url(value)) return problem;
  if (value.find_first_of("?#") != std::string_view::npos) return "must be a URL without a query";
  const std::size_t path = value.find('/', value.find("://") + 3);
  out = value.substr(0, path);
  const std::string_view rest = path == std::string_view::npos ? std::string_view() : value.substr(path);
  out += rest.empty() || rest == "/" ? traces_path : rest;
  return {};
}

Problem set_time(std::string_view value, std::chrono::milliseconds& out) {
  const auto time = parse_duration(value);
  if (!time) return time.error().message;
  if (time->count() == 0 || *time > std::chrono::minutes(10)) return "must be longer than nothing, and at most 10m";
  out = *time;
  return {};
}

Problem set_count(std::string_view value, std::uint32_t& out) { return read_number(value, 1, 1'000'000, out); }

template <class Value>
void read(MapReader& fields, const char* name, Problem (*set)(std::string_view, Value&), Value& out) {
  fields.text(name, [&](std::string_view value) { return set(value, out); });
}

}  // namespace

Problem read_sampler(std::string_view value, std::string& out) {
  if (std::find(samplers.begin(), samplers.end(), value) == samplers.end())
    return one_of(value, {"always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off",
                          "parentbased_traceidratio"});
  out = value;
  return {};
}

Problem read_ratio(std::string_view value, double& out) {
  double ratio = -1;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), ratio);
  if (problem != std::errc() || end != value.data() + value.size() || !(ratio >= 0 && ratio <= 1))
    return "must be a share from 0 to 1, such as 0.1";
  out = ratio;
  return {};
}

Problem read_compression(std::string_view value, std::string& out) {
  if (value != "gzip" && value != "none") return one_of(value, {"gzip", "none"});
  out = value;
  return {};
}

void read_traces(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  Traces& traces = config.traces = Traces{};
  config.trace_headers.clear();
  if (node.kind == YamlNode::Kind::null) return;
  MapReader fields(node, path, report);
  read(fields, "endpoint", set_endpoint, traces.endpoint);
  fields.node("headers", [&](const YamlNode& value, const std::string& at) {
    MapReader headers(value, at, report);
    for (const auto& [key, reference] : value.fields) {
      if (!is_identifier(key.text)) report.add(key, at, "a header's name is made of letters, digits, '-' and '_'");
      headers.secret(key.text, config.trace_headers[key.text]);
    }
  });
  read(fields, "compression", read_compression, traces.compression);
  read(fields, "timeout", set_time, traces.timeout);
  fields.text("serviceName", traces.service_name);
  fields.node("resourceAttributes", [&](const YamlNode& value, const std::string& at) {
    MapReader(value, at, report).each([&](const std::string& key, const YamlNode& one, const std::string& place) {
      if (const std::string* text = scalar(one, place, report)) traces.resource[key] = *text;
    });
  });
  read(fields, "sampler", read_sampler, traces.sampler);
  read(fields, "samplerRatio", read_ratio, traces.ratio);
  read(fields, "queueSize", set_count, traces.queue);
  read(fields, "batchSize", set_count, traces.batch);
  read(fields, "delay", set_time, traces.delay);
  read(fields, "exportTimeout", set_time, traces.export_timeout);
  fields.text("caFile", traces.ca_file);
  fields.text("certificateFile", traces.certificate_file);
  fields.text("keyFile", traces.key_file);
  fields.refuse_others();
  if (traces.certificate_file.empty() != traces.key_file.empty())
    fields.mistake("needs both certificateFile and keyFile, or neither");
  if (traces.batch > traces.queue) fields.mistake("batchSize must be at most queueSize");
}

}  // namespace headwind::config
