// SPDX-License-Identifier: Apache-2.0
// https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client: all that is required there, and more.
#include "telemetry/http_span.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>

#include "telemetry/tracer.hpp"

namespace headwind::telemetry {
namespace {

using Texts = std::map<std::string, std::string>;

class HttpSpan : public testing::Test {
 protected:
  void SetUp() override { set_tracer(tracer_); }
  void TearDown() override { set_tracer(nullptr); }

  // The span of a request that is sent within one of its own, and what becomes of it.
  SpanRecord sent(const HttpClientSpan::Request& request, std::function<void(HttpClientSpan&)> then) {
    boost::asio::io_context loop{1};
    const auto work = [&]() -> Task<> {
      const Span outer("work");
      HttpClientSpan span(request);
      then(span);
      co_return;
    };
    spawn(loop.get_executor(), "test", work());
    loop.run();
    std::vector<SpanRecord> all = tracer_->batch();
    EXPECT_EQ(all.size(), 2U);
    return all.empty() ? SpanRecord{} : std::move(all.front());
  }
  // Each attribute as text.
  static Texts texts(const SpanRecord& span) {
    Texts all;
    for (const auto& [key, value] : span.attributes) {
      const auto* number = std::get_if<std::int64_t>(&value);
      all.emplace(key, number != nullptr ? std::to_string(*number) : std::get<std::string>(value));
    }
    return all;
  }

  Metrics metrics_;
  std::shared_ptr<Tracer> tracer_ = std::make_shared<Tracer>(TracerOptions{}, metrics_);
};

TEST_F(HttpSpan, has_the_attributes_of_the_conventions_and_no_others) {
  const SpanRecord span = sent({"PATCH", "https://10.96.0.1", "/apis/apps/v1/namespaces/shop/deployments/web",
                                "/apis/apps/v1/namespaces/{namespace}/deployments/{name}"},
                               [](HttpClientSpan& one) {
                                 one.resent(2);
                                 one.answered(200);
                               });
  EXPECT_EQ(span.name, "PATCH /apis/apps/v1/namespaces/{namespace}/deployments/{name}");
  EXPECT_EQ(span.kind, SpanKind::client);
  EXPECT_FALSE(span.failed);
  EXPECT_EQ(texts(span), (Texts{{"http.request.method", "PATCH"},
                                {"http.request.resend_count", "2"},
                                {"http.response.status_code", "200"},
                                {"network.protocol.version", "1.1"},
                                {"server.address", "10.96.0.1"},
                                {"server.port", "443"},
                                {"url.full", "https://10.96.0.1/apis/apps/v1/namespaces/shop/deployments/web"},
                                {"url.template", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}"}}));
}

TEST_F(HttpSpan, names_the_server_by_address_and_port_whatever_its_form) {
  const auto server = [&](std::string_view origin) {
    const Texts all = texts(sent({"GET", origin}, [](HttpClientSpan&) {}));
    return all.at("server.address") + " " + all.at("server.port");
  };
  EXPECT_EQ(server("http://registry.example:5000"), "registry.example 5000");
  EXPECT_EQ(server("http://registry.example"), "registry.example 80");
  EXPECT_EQ(server("https://[2001:db8::1]:6443"), "2001:db8::1 6443");
  EXPECT_EQ(server("https://[2001:db8::1]"), "2001:db8::1 443");
  EXPECT_EQ(server("https://rancher.example/k8s/clusters/c-1"), "rancher.example 443");
}

TEST_F(HttpSpan, says_why_it_failed_in_few_words) {
  const SpanRecord refused = sent({"BREW", "http://hooks.example"}, [](HttpClientSpan& span) { span.answered(404); });
  EXPECT_EQ(refused.name, "HTTP");
  EXPECT_TRUE(refused.failed);
  EXPECT_EQ(texts(refused).at("error.type"), "404");
  EXPECT_EQ(texts(refused).at("http.request.method"), "_OTHER");
  EXPECT_EQ(texts(refused).at("http.request.method_original"), "BREW");
  EXPECT_EQ(texts(refused).at("url.full"), "http://hooks.example/REDACTED") << "a path that may be a secret";
  const SpanRecord down = sent({"GET", "http://hooks.example"}, [](HttpClientSpan& span) {
    span.failed(make_error(Code::unavailable, "nobody listens"));
  });
  EXPECT_EQ(texts(down).at("error.type"), "unavailable");
  EXPECT_EQ(down.error, "nobody listens");
  EXPECT_FALSE(texts(down).contains("http.response.status_code"));
}

}  // namespace
}  // namespace headwind::telemetry
