// SPDX-License-Identifier: Apache-2.0
#include "config/traces.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "config/config.hpp"

namespace headwind::config {
namespace {

Config with(const TextMap& environment, std::string_view yaml = "") {
  Config config = parse(yaml, "c.yaml").value();
  EXPECT_TRUE(apply_environment(config, environment));
  return config;
}

bool warns_of(const Config& config, std::string_view variable) {
  return std::any_of(config.warnings.begin(), config.warnings.end(),
                     [&](const std::string& warning) { return warning.starts_with(variable); });
}

TEST(Traces, AreOffUnlessAnEndpointIsConfigured) {
  EXPECT_FALSE(with({}).traces.are_on());
  EXPECT_FALSE(with({{"OTEL_TRACES_SAMPLER", "always_on"}}).traces.are_on());
  EXPECT_TRUE(with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}}).traces.are_on());
  EXPECT_FALSE(with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}, {"OTEL_SDK_DISABLED", "true"}}).traces.are_on());
  EXPECT_FALSE(
      with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}, {"OTEL_TRACES_EXPORTER", "none"}}).traces.are_on());
}

TEST(Traces, EndpointOfAllSignalsIsABaseAndThatOfTracesIsNot) {
  EXPECT_EQ(with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/"}}).traces.endpoint, "http://c:4318/v1/traces");
  EXPECT_EQ(with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://c/otlp"}}).traces.endpoint, "https://c/otlp/v1/traces");
  EXPECT_EQ(
      with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:1/own"}})
          .traces.endpoint,
      "http://t:1/own");
  EXPECT_EQ(with({}, "telemetry: {traces: {endpoint: 'http://c:4318'}}").traces.endpoint, "http://c:4318/v1/traces");
  EXPECT_EQ(with({}, "telemetry: {traces: {endpoint: 'http://c:4318/own'}}").traces.endpoint, "http://c:4318/own");
}

TEST(Traces, VariablesRankBeforeTheFile) {
  const Config config =
      with({{"OTEL_SERVICE_NAME", "mine"},
            {"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod%20eu,team=a"},
            {"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"},
            {"OTEL_TRACES_SAMPLER_ARG", "0.25"},
            {"OTEL_EXPORTER_OTLP_TIMEOUT", "2500"},
            {"OTEL_EXPORTER_OTLP_COMPRESSION", "none"},
            {"OTEL_BSP_MAX_QUEUE_SIZE", "100"},
            {"OTEL_BSP_SCHEDULE_DELAY", "1000"}},
           "telemetry:\n  traces:\n    endpoint: http://c:4318\n    serviceName: file\n"
           "    resourceAttributes: {team: b, region: eu}\n    sampler: always_off\n    timeout: 3s\n");
  const Traces& traces = config.traces;
  EXPECT_EQ(traces.service_name, "mine");
  EXPECT_EQ(traces.resource, (std::map<std::string, std::string>{
                                 {"deployment.environment.name", "prod eu"}, {"region", "eu"}, {"team", "a"}}));
  EXPECT_EQ(traces.sampler, "parentbased_traceidratio");
  EXPECT_EQ(traces.ratio, 0.25);
  EXPECT_EQ(traces.timeout, std::chrono::milliseconds(2500));
  EXPECT_EQ(traces.compression, "none");
  EXPECT_EQ(traces.queue, 100U);
  EXPECT_EQ(traces.batch, 100U) << "at most the queue";
  EXPECT_EQ(traces.delay, std::chrono::seconds(1));
  EXPECT_TRUE(config.warnings.empty()) << config.warnings.front();
}

TEST(Traces, VariablesThatAreNotUnderstoodAreWarningsAndLeaveWhatIsThere) {
  const Config config = with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"},
                              {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                              {"OTEL_TRACES_SAMPLER", "jaeger_remote"},
                              {"OTEL_TRACES_SAMPLER_ARG", "many"},
                              {"OTEL_RESOURCE_ATTRIBUTES", "novalue"},
                              {"OTEL_EXPORTER_OTLP_TIMEOUT", "10s"},
                              {"OTEL_EXPORTER_OTLP_HEADERS", "secret-without-equals"},
                              {"OTEL_BSP_MAX_QUEUE_SIZE", "0"}});
  EXPECT_TRUE(config.traces.are_on());
  EXPECT_EQ(config.traces.sampler, "parentbased_always_on");
  EXPECT_EQ(config.traces.timeout, std::chrono::seconds(10));
  for (const char* variable :
       {"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_TRACES_SAMPLER ", "OTEL_TRACES_SAMPLER_ARG", "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_BSP_MAX_QUEUE_SIZE"})
    EXPECT_TRUE(warns_of(config, variable)) << variable;
  for (const std::string& warning : config.warnings)
    EXPECT_EQ(warning.find("secret-without-equals"), std::string::npos) << warning;
}

TEST(Traces, HeadersAreSecretsByReference) {
  const Config config =
      with({{"OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=a%20b, Authorization = Bearer%20env"}, {"TOKEN", "Bearer file"}},
           "telemetry: {traces: {endpoint: 'http://c', headers: {authorization: {environment: TOKEN}}}}");
  const TextMap environment{{"OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=a%20b, Authorization = Bearer%20env"},
                            {"TOKEN", "Bearer file"}};
  const auto headers = trace_headers(config, environment);
  ASSERT_TRUE(headers) << headers.error().message;
  EXPECT_EQ(*headers,
            (std::vector<std::pair<std::string, std::string>>{{"x-tenant", "a b"}, {"Authorization", "Bearer env"}}));
  const auto missing = trace_headers(config, {});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("telemetry.traces.headers.authorization"), std::string::npos)
      << missing.error().message;
  EXPECT_FALSE(parse("telemetry: {traces: {headers: {authorization: 'Bearer x'}}}", "c.yaml"))
      << "a value in the file is no reference";
}

TEST(Traces, MistakesInTheFileAreTold) {
  for (const char* bad :
       {"endpoint: collector:4318", "endpoint: 'http://c?x=1'", "sampler: some", "samplerRatio: 2", "compression: zstd",
        "timeout: 0", "queueSize: 0", "batchSize: 5000", "certificateFile: /a", "protocol: grpc", "delay: 1h"}) {
    const auto parsed = parse("telemetry:\n  traces:\n    " + std::string(bad) + "\n", "c.yaml");
    ASSERT_FALSE(parsed) << bad;
    EXPECT_NE(parsed.error().message.find("c.yaml:3"), std::string::npos) << parsed.error().message;
  }
}

TEST(KeyValues, AreReadAsBaggageIs) {
  EXPECT_EQ(parse_key_values("a=1,b=x%3D%2C,,c=").value().size(), 3U);
  EXPECT_EQ(parse_key_values("a=x=y").value()[0].second, "x=y");
  for (const char* bad : {"a", "=1", "a=%", "a=%4", "a=%zz", "%=1"}) EXPECT_FALSE(parse_key_values(bad)) << bad;
}

}  // namespace
}  // namespace headwind::config
