// SPDX-License-Identifier: Apache-2.0
// What servers learn of the work that a request is a part of.
#include <vector>

#include "loop.hpp"
#include "telemetry/span.hpp"

namespace headwind::net::test {
namespace {

const std::string kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class Traced : public Loop {
 protected:
  // The headers that arrive, of a request with those of its own that is sent within a span of `kept` work.
  Headers arriving(const std::string& kept, Headers own = {}) {
    Headers arrived;
    const auto server = serve([&](ServerRequest request) -> Task<ServerResponse> {
      arrived = request.headers;
      co_return text(200, "");
    });
    Request request = get(at(server->port()));
    request.headers = std::move(own);
    bool done = false;
    const auto work = [&]() -> Task<> {
      const telemetry::Span span("work", {.parent = kept});
      const auto answer = co_await client.send(std::move(request));
      EXPECT_TRUE(answer);
      done = true;
    };
    spawn(executor(), "test", work());
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!done && std::chrono::steady_clock::now() < until) io.run_one_until(until);
    io.restart();
    return arrived;
  }
  void TearDown() override {
    client.shut_down();
    expect_loop_ends();
  }

  Client client{executor(), ClientOptions{}};
};

TEST_F(Traced, RequestsCarryItsContext) {
  const Headers headers = arriving(kParent + " a=1,b=2");
  EXPECT_EQ(find_header(headers, "traceparent"), kParent) << "without a tracer as it came";
  EXPECT_EQ(find_header(headers, "tracestate"), "a=1,b=2");
  EXPECT_EQ(find_header(arriving(kParent), "tracestate"), "");
}

TEST_F(Traced, RequestsThatSayItThemselvesAreLeftAlone) {
  const Headers headers = arriving(kParent + " a=1", {{"Traceparent", "their-own"}});
  EXPECT_EQ(find_header(headers, "traceparent"), "their-own");
  EXPECT_EQ(find_header(headers, "tracestate"), "");
}

TEST_F(Traced, RequestsOfNoWorkCarryNothing) { EXPECT_EQ(find_header(arriving(""), "traceparent"), ""); }

}  // namespace
}  // namespace headwind::net::test
