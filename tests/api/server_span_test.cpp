// SPDX-License-Identifier: Apache-2.0
#include "api/server_span.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>

#include "api/response.hpp"
#include "telemetry/tracer.hpp"

namespace headwind::api {
namespace {

using telemetry::SpanRecord;

const std::string kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class ServerSpan : public testing::Test {
 protected:
  void SetUp() override { telemetry::set_tracer(tracer_); }
  void TearDown() override { telemetry::set_tracer(nullptr); }

  net::ServerResponse call(const std::string& method, const std::string& path, net::Headers headers = {}) {
    auto router = std::make_shared<Router>();
    router->add("POST", "/webhook/dockerhub/{secret}", [this](const Call&) {
      seen_ = telemetry::Current::text();
      return answer(text_response(200, "OK"));
    });
    router->add("GET", "/fails", [](const Call&) { return answer(text_response(503, "no")); });
    router->add("GET", "/health", [](const Call&) { return answer(text_response(200, "OK")); });
    const net::Handler handler = traced_handler_of(router);
    net::ServerResponse response;
    net::ServerRequest request{method, path, "", std::move(headers), "", "192.0.2.7"};
    const auto serve = [&]() -> Task<> { response = co_await handler(std::move(request)); };
    spawn(loop_.get_executor(), "test", serve());
    loop_.run();
    loop_.restart();
    return response;
  }
  SpanRecord only() {
    std::vector<SpanRecord> all = tracer_->batch();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? SpanRecord{} : std::move(all.front());
  }
  static std::map<std::string, telemetry::AttributeValue> attributes(const SpanRecord& span) {
    return {span.attributes.begin(), span.attributes.end()};
  }

  boost::asio::io_context loop_{1};
  telemetry::Metrics metrics_;
  std::shared_ptr<telemetry::Tracer> tracer_ =
      std::make_shared<telemetry::Tracer>(telemetry::TracerOptions{}, metrics_);
  std::string seen_;
};

TEST_F(ServerSpan, is_a_part_of_the_senders_trace_and_names_the_route_alone) {
  call("POST", "/webhook/dockerhub/planted-secret",
       {{"Traceparent", kParent}, {"tracestate", "a=1"}, {"TraceState", "b=2"}, {"User-Agent", "hub/1"}});
  const SpanRecord span = only();
  EXPECT_EQ(span.name, "POST /webhook/dockerhub/{secret}");
  EXPECT_EQ(span.kind, telemetry::SpanKind::server);
  EXPECT_EQ(span.context.trace_id, kParent.substr(3, 32));
  EXPECT_EQ(span.parent_id, kParent.substr(36, 16));
  EXPECT_EQ(span.context.state, "a=1,b=2");
  EXPECT_EQ(seen_, telemetry::text_of(span.context)) << "what the handler does is a part of it";
  const auto all = attributes(span);
  EXPECT_EQ(std::get<std::string>(all.at("http.route")), "/webhook/dockerhub/{secret}");
  EXPECT_EQ(std::get<std::int64_t>(all.at("http.response.status_code")), 200);
  EXPECT_EQ(std::get<std::string>(all.at("client.address")), "192.0.2.7");
  EXPECT_EQ(std::get<std::string>(all.at("user_agent.original")), "hub/1");
  for (const auto& [key, value] : all)
    if (const auto* text = std::get_if<std::string>(&value))
      EXPECT_EQ(text->find("planted-secret"), std::string::npos) << key;
}

TEST_F(ServerSpan, is_a_root_where_nothing_usable_was_sent) {
  call("POST", "/webhook/dockerhub/s", {{"traceparent", kParent}, {"traceparent", kParent}, {"tracestate", "a=1"}});
  const SpanRecord span = only();
  EXPECT_EQ(span.parent_id, "");
  EXPECT_NE(span.context.trace_id, kParent.substr(3, 32));
  EXPECT_EQ(span.context.state, "");
}

TEST_F(ServerSpan, fails_with_the_answer_and_keeps_odd_paths_and_methods_out_of_its_name) {
  call("GET", "/fails");
  EXPECT_TRUE(only().failed);
  call("GET", "/planted-secret");
  const SpanRecord unknown = only();
  EXPECT_EQ(unknown.name, "GET");
  EXPECT_EQ(std::get<std::string>(attributes(unknown).at("url.path")), "/REDACTED");
  call("BREW", "/fails");
  const SpanRecord odd = only();
  EXPECT_EQ(odd.name, "HTTP");
  EXPECT_EQ(std::get<std::string>(attributes(odd).at("http.request.method")), "_OTHER");
}

TEST_F(ServerSpan, is_not_there_for_health_checks) {
  call("GET", "/health");
  EXPECT_TRUE(tracer_->batch().empty());
}

}  // namespace
}  // namespace headwind::api
