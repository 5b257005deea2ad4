// SPDX-License-Identifier: Apache-2.0
// Our client through a proxy, good and bad ones.
#include <gmock/gmock.h>

#include <boost/asio/ssl.hpp>
#include <filesystem>
#include <fstream>

#include "certificates.hpp"
#include "core/hash.hpp"
#include "little_proxy.hpp"

namespace headwind::net::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Proxied : public Loop {
 protected:
  Authority authority{"Test CA"};
  LittleProxy behaviour;
  std::chrono::milliseconds connect_timeout = patience;
  std::filesystem::path folder;
  std::unique_ptr<RawServer> proxy;
  std::unique_ptr<Server> server;
  std::unique_ptr<Client> client;

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "headwind-proxy-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    play([this](Tcp::socket& socket, int) -> Task<> { co_await behaviour.serve(socket); });
  }
  void TearDown() override {
    client->shut_down();
    proxy.reset();
    server.reset();
    expect_loop_ends();
    std::filesystem::remove_all(folder);
  }

  void play(RawServer::Script script, const std::string& user_info = "", const std::string& no_proxy = "") {
    proxy = std::make_unique<RawServer>(io, std::move(script));
    use({{"all_proxy", "http://" + user_info + "127.0.0.1:" + std::to_string(proxy->port())}, {"no_proxy", no_proxy}});
  }
  void use(const TextMap& environment) {
    const auto proxies = Proxies::of_environment(environment);
    ASSERT_TRUE(proxies) << proxies.error().message;
    client =
        std::make_unique<Client>(executor(), ClientOptions{.connect_timeout = connect_timeout, .proxies = *proxies});
  }
  void serve_tls(const std::string& names, Handler handler = echo) {
    const Identity identity = authority.issue("server", names);
    std::ofstream(folder / "tls.crt") << identity.certificate_pem;
    std::ofstream(folder / "tls.key") << identity.key_pem;
    ServerOptions options;
    options.certificate_file = folder / "tls.crt";
    options.key_file = folder / "tls.key";
    server = serve(std::move(handler), options);
  }
  Request https(const std::string& host, std::uint16_t port) {
    Request request = get("https://" + host + ":" + std::to_string(port) + "/v2/");
    auto settings = std::make_shared<TlsSettings>();
    settings->ca_pem = authority.certificate_pem();
    request.tls = settings;
    return request;
  }
  void expect_failure(Request request, Code code, const std::string& why) {
    const auto answer = run(client->send(std::move(request)));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, code) << answer.error().message;
    EXPECT_THAT(answer.error().message, HasSubstr(why));
    EXPECT_THAT(answer.error().message, HasSubstr("the proxy http://127.0.0.1:" + std::to_string(proxy->port())));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("s3cret")));
  }
};

TEST_F(Proxied, PlainHttpIsForwardedWithTheWholeUrl) {
  server = serve(echo);
  Request request = get(at(server->port(), "/v2/?n=1"));
  request.headers.push_back({"Proxy-Authorization", "of the caller's own"});
  const auto answer = run(client->send(request));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "GET /v2/?n=1\n");
  ASSERT_EQ(behaviour.heads.size(), 1U);
  EXPECT_THAT(behaviour.heads[0],
              StartsWith("GET " + at(server->port(), "/v2/?n=1") + " HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(behaviour.heads[0], Not(HasSubstr("Proxy-Authorization")));
}

TEST_F(Proxied, TlsGoesThroughATunnelThatIsKept) {
  serve_tls("DNS:registry.invalid");
  behaviour.everywhere = server->port();
  Request request = https("registry.invalid", 443);  // a name that only the proxy can look up
  request.headers.push_back({"Authorization", "Bearer t0ken"});
  for (int i = 0; i < 3; ++i) {
    const auto answer = run(client->send(request));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "GET /v2/?\n");
  }
  ASSERT_EQ(behaviour.heads.size(), 1U);
  EXPECT_EQ(behaviour.heads[0],
            "CONNECT registry.invalid:443 HTTP/1.1\r\nHost: registry.invalid:443\r\nUser-Agent: headwind\r\n\r\n");
}

TEST_F(Proxied, TheServersCertificateIsCheckedThroughTheTunnel) {
  serve_tls("DNS:other.invalid");
  behaviour.everywhere = server->port();
  expect_failure(https("registry.invalid", 443), Code::unavailable, "hostname mismatch");
}

TEST_F(Proxied, StreamsGoThroughItToo) {
  server = serve(echo);
  std::string heard;
  const auto answer =
      run(client->stream(get(at(server->port())), [&](std::string_view piece) { return heard += piece, true; }, 1s));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(heard, "GET /?\n");
  EXPECT_EQ(behaviour.heads.size(), 1U);
}

TEST_F(Proxied, ThePasswordIsShownToTheProxyAlone) {
  behaviour.wanted = "Basic " + base64_encode("me:s3cret");
  play([this](Tcp::socket& socket, int) -> Task<> { co_await behaviour.serve(socket); }, "me:s3cret@");
  server = serve(echo);
  behaviour.everywhere = server->port();
  const auto plain = run(client->send(get("http://registry.invalid/")));
  ASSERT_TRUE(plain) << plain.error().message;
  std::string shown = "nothing";
  serve_tls("DNS:registry.invalid", [&](ServerRequest request) -> Task<ServerResponse> {
    shown = find_header(request.headers, "proxy-authorization");
    co_return text(200, "ok");
  });
  behaviour.everywhere = server->port();
  const auto answer = run(client->send(https("registry.invalid", 443)));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(shown, "");
  ASSERT_EQ(behaviour.heads.size(), 2U);
  for (const auto& head : behaviour.heads)
    EXPECT_THAT(head, HasSubstr("\r\nProxy-Authorization: " + behaviour.wanted + "\r\n"));
}

TEST_F(Proxied, AWrongPasswordIsDenied) {
  behaviour.wanted = "Basic " + base64_encode("me:right");
  play([this](Tcp::socket& socket, int) -> Task<> { co_await behaviour.serve(socket); }, "me:s3cret@");
  expect_failure(https("registry.invalid", 443), Code::denied, "https://registry.invalid:443");
  expect_failure(get("http://registry.invalid/"), Code::denied, "407");
}

TEST_F(Proxied, HostsInNoProxyAreReachedDirectly) {
  server = serve(echo);
  play([this](Tcp::socket& socket, int) -> Task<> { co_await behaviour.serve(socket); }, "", "127.0.0.0/8");
  EXPECT_TRUE(run(client->send(get(at(server->port())))));
  EXPECT_TRUE(behaviour.heads.empty());
}

TEST_F(Proxied, ARefusedTunnelIsClassified) {
  struct Case {
    const char* answer;
    Code code;
    const char* why;
  };
  for (const Case& c : {Case{"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", Code::denied, "answered 403"},
                        Case{"HTTP/1.0 502 Bad Gateway\r\n\r\n", Code::unavailable, "answered 502"},
                        Case{"HTTP/1.1 302 Found\r\nLocation: https://evil.invalid/\r\n\r\n", Code::unavailable, "302"},
                        Case{"SSH-2.0-OpenSSH\r\n\r\n", Code::invalid, "not HTTP/1.1"},
                        Case{"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", Code::invalid, "more than its answer"},
                        Case{"HTTP/1.1 200 OK\r\nX: ", Code::unavailable, "broke while reading"},
                        Case{"", Code::unavailable, "broke while reading"}}) {
    play([answer = c.answer](Tcp::socket& socket, int) -> Task<> {
      co_await hear_head(socket);
      co_await say(socket, answer);
    });
    expect_failure(https("registry.invalid", 443), c.code, c.why);
  }
}

TEST_F(Proxied, AnEndlessAnswerToConnectIsCut) {
  // Shared: the proxy goes on until the fixture takes it down, after this body has ended.
  const auto said = std::make_shared<std::size_t>(0);
  play([said](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\n");
    for (std::size_t now = 1; now > 0; *said += now)
      now = co_await say(socket, "X: " + std::string(1000, 'x') + "\r\n");
  });
  expect_failure(https("registry.invalid", 443), Code::invalid, "larger than allowed");
  EXPECT_LT(*said, 32U << 20U);
}

TEST_F(Proxied, AHangingOrGoneProxyIsToldWithinTheTimeForConnecting) {
  connect_timeout = 100ms;
  play([](Tcp::socket& socket, int) -> Task<> { co_await hear_all(socket); });
  expect_failure(https("registry.invalid", 443), Code::cancelled, "not answered in time");
  const auto port = proxy->port();
  proxy = nullptr;
  connect_timeout = patience;
  use({{"all_proxy", "127.0.0.1:" + std::to_string(port)}});
  const auto gone = run(client->send(https("registry.invalid", 443)));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Code::unavailable);
  EXPECT_THAT(gone.error().message, HasSubstr("cannot connect to the proxy http://127.0.0.1:" + std::to_string(port) +
                                              " on the way to https://registry.invalid:443"));
}

TEST_F(Proxied, AProxyMayBeSpokenToByTlsAndTheServerWithinIt) {
  const Identity identity = authority.issue("proxy", "IP:127.0.0.1");
  boost::asio::ssl::context context(boost::asio::ssl::context::tls_server);
  context.use_certificate_chain(boost::asio::buffer(identity.certificate_pem));
  context.use_private_key(boost::asio::buffer(identity.key_pem), boost::asio::ssl::context::pem);
  std::ofstream(folder / "ca.crt") << authority.certificate_pem();
  proxy = std::make_unique<RawServer>(io, [&](Tcp::socket& socket, int) -> Task<> {
    boost::asio::ssl::stream<Tcp::socket&> stream(socket, context);
    boost::system::error_code failure;
    co_await stream.async_handshake(boost::asio::ssl::stream_base::server,
                                    boost::asio::redirect_error(boost::asio::use_awaitable, failure));
    if (!failure) co_await behaviour.serve(stream);
  });
  const TextMap environment{{"https_proxy", "https://127.0.0.1:" + std::to_string(proxy->port())}};
  serve_tls("DNS:registry.invalid");
  behaviour.everywhere = server->port();
  use(environment);
  const auto untrusted = run(client->send(https("registry.invalid", 443)));
  ASSERT_FALSE(untrusted);
  EXPECT_THAT(untrusted.error().message, HasSubstr("no TLS connection to the proxy https://127.0.0.1"));

  ::setenv("SSL_CERT_FILE", (folder / "ca.crt").c_str(), 1);  // the system's trust store, of this process
  use(environment);
  const auto answer = run(client->send(https("registry.invalid", 443)));
  ::unsetenv("SSL_CERT_FILE");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "GET /v2/?\n");
  ASSERT_EQ(behaviour.heads.size(), 1U);
  EXPECT_THAT(behaviour.heads[0], StartsWith("CONNECT registry.invalid:443 "));
}

}  // namespace
}  // namespace headwind::net::test
