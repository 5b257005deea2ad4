// SPDX-License-Identifier: Apache-2.0
// What the server itself answers with may have another form than text.
#include <gmock/gmock.h>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Refusal : public Loop {
 protected:
  std::string ask(const std::string& bytes, const Handler& handler = echo) {
    ServerOptions options;
    options.max_body = 1000;
    options.refusal = [](unsigned status, std::string_view sentence) {
      return ServerResponse{
          status, {{"Content-Type", "application/problem+json"}}, "{" + std::string(sentence) + "}", {}};
    };
    server = serve(handler, options);
    return run(ask_raw(server->port(), bytes));
  }
  void TearDown() override {
    server.reset();
    expect_loop_ends();
  }
  std::unique_ptr<Server> server;
};

TEST_F(Refusal, ALargeBodyIsRefusedInTheFormThatTheOptionsGive) {
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("Content-Type: application/problem+json\r\n"),
                    EndsWith("\r\n\r\n{The body of the request is larger than allowed.}")));
}

TEST_F(Refusal, AHandlerThatFailsIsAnsweredForInThatFormToo) {
  const Handler broken = [](ServerRequest) -> Task<ServerResponse> { throw std::runtime_error("a bug"); };
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", broken),
              AllOf(StartsWith("HTTP/1.1 500 "), EndsWith("{The server failed; its log says why.}")));
}

}  // namespace
}  // namespace headwind::net::test
