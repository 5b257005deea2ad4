// SPDX-License-Identifier: Apache-2.0
#include "collector.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "cluster.hpp"
#include "core/text.hpp"

namespace headwind::end_to_end {
namespace {

Json plain(const Json& value) {
  if (value.contains("arrayValue")) {
    Json list = Json::array();
    for (const Json& one : value["arrayValue"].value("values", Json::array())) list.push_back(plain(one));
    return list;
  }
  if (value.contains("intValue")) {  // a text or a number: both are JSON of that integer
    const Json& number = value["intValue"];
    return number.is_string() ? Json(std::stoll(number.get<std::string>())) : number;
  }
  return value.empty() ? Json() : value.begin().value();
}

std::map<std::string, Json> attributes_of(const Json& object) {
  std::map<std::string, Json> all;
  for (const Json& one : object.value("attributes", Json::array())) all[one.at("key")] = plain(one.at("value"));
  return all;
}

Seen seen(const Json& span, const std::map<std::string, Json>& resource) {
  Seen one{span.value("traceId", ""), span.value("spanId", ""),     span.value("parentSpanId", ""),
           span.value("name", ""),    span.value("traceState", ""), span.value("kind", 0)};
  one.start_ns = std::stoll(span.value("startTimeUnixNano", "0"));
  one.end_ns = std::stoll(span.value("endTimeUnixNano", "0"));
  one.attributes = attributes_of(span), one.resource = resource;
  for (const Json& link : span.value("links", Json::array()))
    one.links.push_back(link.value("traceId", "") + "/" + link.value("spanId", ""));
  one.failed = span.value("/status/code"_json_pointer, 0) == 2;
  return one;
}

}  // namespace

std::string Seen::text(const std::string& key) const {
  const auto found = attributes.find(key);
  if (found == attributes.end()) return {};
  return found->second.is_string() ? found->second.get<std::string>() : found->second.dump();
}

std::filesystem::path collector_binary() {
  const auto printed =
      testbed::run({(source_directory() / "tests/testbed/build").string(), "--with", "collector", "--check"});
  return printed ? std::filesystem::path(trim(*printed)) / "collector" : std::filesystem::path();
}

Collector::Collector() : directory_(testbed::make_temporary_directory("collector")) {
  net::ServerOptions options;
  options.address = "127.0.0.1", options.max_body = 64U << 20U;
  auto listening = net::Server::listen(loop_.executor(), options,
                                       [this](net::ServerRequest request) { return take(std::move(request)); });
  if (!listening) throw std::runtime_error(listening.error().message);
  sink_ = std::move(*listening);
  const Json config{
      {"receivers", {{"otlp", {{"protocols", {{"http", {{"endpoint", "127.0.0.1:" + std::to_string(port_)}}}}}}}}},
      {"exporters",
       {{"otlp_http",
         {{"endpoint", sink_url()},
          {"encoding", "json"},
          {"compression", "none"},
          {"sending_queue", {{"enabled", false}}}}}}},
      {"service",
       {{"telemetry", {{"metrics", {{"level", "none"}}}}},
        {"pipelines", {{"traces", {{"receivers", {"otlp"}}, {"exporters", {"otlp_http"}}}}}}}}};
  std::ofstream(directory_ / "config.yaml") << config.dump(1);  // JSON is YAML
  auto started =
      testbed::Process::start({{collector_binary().string(), "--config", (directory_ / "config.yaml").string()},
                               directory_ / "log",
                               directory_});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = std::move(*started);
  const bool listens = eventually([&] {
    return call("POST", endpoint() + "/v1/traces", "{}", {{"Content-Type", "application/json"}}).status == 200;
  });
  if (!listens) throw std::runtime_error("the collector does not answer: " + log());
}

Collector::~Collector() {
  process_.stop(std::chrono::seconds(5));
  loop_.run(sink_->drain(std::chrono::milliseconds(100)));
  loop_.stop();
  std::error_code ignored;
  if (std::getenv("HEADWIND_TESTBED_KEEP") == nullptr) std::filesystem::remove_all(directory_, ignored);
}

Task<net::ServerResponse> Collector::take(net::ServerRequest request) {
  const Json body = Json::parse(request.body, nullptr, false);
  const std::lock_guard lock(mutex_);
  if (request.path != "/v1/traces") {
    notes_.emplace_back(body, net::find_header(request.headers, "traceparent"));
    co_return net::ServerResponse{};
  }
  for (const Json& resource : body.value("resourceSpans", Json::array()))
    for (const Json& scope : resource.value("scopeSpans", Json::array()))
      for (const Json& span : scope.value("spans", Json::array()))
        spans_.push_back(seen(span, attributes_of(resource.value("resource", Json::object()))));
  co_return net::ServerResponse{200, {{"Content-Type", "application/json"}}, "{}"};
}

std::vector<Seen> Collector::spans() const {
  const std::lock_guard lock(mutex_);
  return spans_;
}

std::vector<Seen> Collector::spans_of(const std::string& trace) const {
  std::vector<Seen> all = spans();
  std::erase_if(all, [&](const Seen& one) { return one.trace != trace; });
  return all;
}

std::map<std::string, std::string> Collector::notified(const std::string& name_space) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> all;
  for (const auto& [body, traceparent] : notes_)
    if (body.value("/deployment/namespace"_json_pointer, "") == name_space) all[body.value("event", "")] = traceparent;
  return all;
}

std::string Collector::log() const {
  std::ifstream file(directory_ / "log", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace headwind::end_to_end
