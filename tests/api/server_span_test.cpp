// SPDX-License-Identifier: Apache-2.0
#include "api/server_span.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <stdexcept>

#include "api/response.hpp"
#include "api/run.hpp"
#include "telemetry/tracer.hpp"

namespace headwind::api {
namespace {

using telemetry::SpanRecord;

const std::string kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class ServerSpan : public testing::Test {
 protected:
  void SetUp() override { telemetry::set_tracer(tracer_); }
  void TearDown() override { telemetry::set_tracer(nullptr); }

  // As it comes from 192.0.2.7.
  static net::ServerRequest request(const std::string& method, const std::string& path, net::Headers headers = {}) {
    net::ServerRequest made{method, path, "", std::move(headers), "", "192.0.2.7"};
    made.peer_port = 50'000;
    return made;
  }
  net::ServerResponse call(const std::string& method, const std::string& path, net::Headers headers = {}) {
    return call(request(method, path, std::move(headers)));
  }
  net::ServerResponse call(net::ServerRequest request) {
    auto router = std::make_shared<Router>();
    router->add("POST", "/webhook/dockerhub/{secret}", [this](const Call&) {
      seen_ = telemetry::Current::text();
      return answer(text_response(200, "OK"));
    });
    router->add("GET", "/fails", [](const Call&) { return answer(text_response(503, "no")); });
    router->add("GET", "/throws", [](const Call&) -> Task<net::ServerResponse> {
      throw std::runtime_error("planted");
      co_return net::ServerResponse{};
    });
    router->add("GET", "/health", [](const Call&) { return answer(text_response(200, "OK")); });
    const net::Handler handler = traced_handler_of(router);
    return run(loop_, handler(std::move(request)));
  }
  SpanRecord only() {
    std::vector<SpanRecord> all = tracer_->batch();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? SpanRecord{} : std::move(all.front());
  }
  // Each as text.
  static std::map<std::string, std::string> texts(const SpanRecord& span) {
    std::map<std::string, std::string> all;
    for (const auto& [key, value] : span.attributes) {
      const auto* number = std::get_if<std::int64_t>(&value);
      all.emplace(key, number != nullptr ? std::to_string(*number) : std::get<std::string>(value));
    }
    return all;
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

// https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server: all that is required there, or recommended.
TEST_F(ServerSpan, has_the_attributes_of_the_conventions_and_no_others) {
  using Texts = std::map<std::string, std::string>;
  const Texts common{{"url.path", "/webhook/dockerhub/{secret}"},
                     {"http.route", "/webhook/dockerhub/{secret}"},
                     {"http.request.method", "POST"},
                     {"http.response.status_code", "200"},
                     {"client.address", "192.0.2.7"},
                     {"network.peer.address", "192.0.2.7"},
                     {"network.peer.port", "50000"}};
  const auto with = [&](Texts more) {
    more.insert(common.begin(), common.end());
    return more;
  };
  call("POST", "/webhook/dockerhub/s", {{"Host", "headwind.example"}, {"X-Forwarded-Proto", "https"}});
  EXPECT_EQ(texts(only()), with({{"url.scheme", "http"},
                                 {"server.address", "headwind.example"},
                                 {"server.port", "80"},
                                 {"network.protocol.version", "1.1"}}))
      << "what anybody may write in a header is not believed";
  net::ServerRequest by_tls = request("POST", "/webhook/dockerhub/s", {{"Host", "[2001:db8::1]:8443"}});
  by_tls.tls = true;
  by_tls.query = "token=planted-secret";
  call(std::move(by_tls));
  EXPECT_EQ(texts(only()), with({{"url.scheme", "https"},
                                 {"url.query", "REDACTED"},
                                 {"server.address", "2001:db8::1"},
                                 {"server.port", "8443"},
                                 {"network.protocol.version", "1.1"}}));
  net::ServerRequest old = request("POST", "/webhook/dockerhub/s");
  old.http10 = true;
  call(std::move(old));
  EXPECT_EQ(texts(only()), with({{"url.scheme", "http"}, {"network.protocol.version", "1.0"}}));
}

TEST_F(ServerSpan, fails_with_an_exception_of_its_handler_as_the_server_answers) {
  EXPECT_THROW(call("GET", "/throws"), std::runtime_error);
  const SpanRecord span = only();
  EXPECT_TRUE(span.failed);
  EXPECT_EQ(texts(span).at("error.type"), "500");
  EXPECT_EQ(texts(span).at("http.response.status_code"), "500");
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
  const SpanRecord failed = only();
  EXPECT_TRUE(failed.failed);
  EXPECT_EQ(texts(failed).at("error.type"), "503");
  call("GET", "/planted-secret");
  const SpanRecord unknown = only();
  EXPECT_EQ(unknown.name, "GET");
  EXPECT_EQ(std::get<std::string>(attributes(unknown).at("url.path")), "/REDACTED");
  call("BREW", "/fails");
  const SpanRecord odd = only();
  EXPECT_EQ(odd.name, "HTTP");
  EXPECT_EQ(std::get<std::string>(attributes(odd).at("http.request.method")), "_OTHER");
  EXPECT_EQ(std::get<std::string>(attributes(odd).at("http.request.method_original")), "BREW");
}

TEST_F(ServerSpan, is_not_there_for_health_checks) {
  call("GET", "/health");
  EXPECT_TRUE(tracer_->batch().empty());
}

}  // namespace
}  // namespace headwind::api
