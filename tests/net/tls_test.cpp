// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <boost/asio/ssl.hpp>
#include <filesystem>
#include <fstream>

#include "certificates.hpp"
#include "net/trial.hpp"
#include "raw.hpp"

namespace headwind::net::test {
namespace {

using testing::HasSubstr;

class Tls : public Loop {
 protected:
  Authority authority{"Test CA"};
  Client client{executor(), ClientOptions{}};
  std::filesystem::path folder;
  std::unique_ptr<Server> server;

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "headwind-tls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override {
    server.reset();
    client.shut_down();
    expect_loop_ends();
    std::filesystem::remove_all(folder);
  }

  void install(const Identity& identity) {
    std::ofstream(folder / "tls.crt") << identity.certificate_pem;
    std::ofstream(folder / "tls.key") << identity.key_pem;
  }
  void start(const std::string& names, ServerOptions options = {}) {
    install(authority.issue("server", names));
    options.certificate_file = folder / "tls.crt";
    options.key_file = folder / "tls.key";
    server = serve(echo, options);
  }
  std::shared_ptr<TlsSettings> trusting() {
    auto settings = std::make_shared<TlsSettings>();
    settings->ca_pem = authority.certificate_pem();
    return settings;
  }
  Request https(std::shared_ptr<const TlsSettings> settings, const std::string& host = "127.0.0.1") {
    Request request = get("https://" + host + ":" + std::to_string(server->port()) + "/");
    request.tls = std::move(settings);
    return request;
  }
  void expect_refused(std::shared_ptr<const TlsSettings> settings, const std::string& why) {
    const auto answer = run(client.send(https(std::move(settings))));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::unavailable);
    EXPECT_THAT(answer.error().message, HasSubstr(why));
  }
};

TEST_F(Tls, HandlersLearnThatItIsSpoken) {
  install(authority.issue("server", "IP:127.0.0.1"));
  bool tls = false;
  ServerOptions options;
  options.certificate_file = folder / "tls.crt";
  options.key_file = folder / "tls.key";
  server = serve(
      [&](ServerRequest request) -> Task<ServerResponse> {
        tls = request.tls;
        co_return text(200, "");
      },
      options);
  ASSERT_TRUE(run(client.send(https(trusting()))));
  EXPECT_TRUE(tls);
}

TEST_F(Tls, CarriesExchangesOnOneKeptConnection) {
  start("IP:127.0.0.1");
  const auto settings = trusting();
  Request large = https(settings);
  large.method = "POST";
  large.body.assign(1U << 20U, 'x');
  const auto answer = run(client.send(large));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "POST /?\n" + large.body);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(run(client.send(https(settings))));
}

TEST_F(Tls, ChecksTheHostNameAndTheServerNameWhereOneIsSet) {
  start("DNS:localhost,DNS:api.example");
  EXPECT_TRUE(run(client.send(https(trusting(), "localhost"))));
  expect_refused(trusting(), "IP address mismatch; check the CA certificate and the server name");
  const auto renamed = trusting();
  renamed->server_name = "api.example";
  const auto answer = run(client.send(https(renamed)));
  EXPECT_TRUE(answer) << answer.error().message;
  const auto wrong = trusting();
  wrong->server_name = "other.example";
  expect_refused(wrong, "hostname mismatch");
}

TEST_F(Tls, RefusesAnUnknownAuthorityUnlessToldNotToLook) {
  start("IP:127.0.0.1");
  const Authority stranger("Another CA");
  const auto settings = std::make_shared<TlsSettings>();
  settings->ca_pem = stranger.certificate_pem();
  expect_refused(settings, "unable to get local issuer certificate; give its CA");
  expect_refused(nullptr, "unable to get local issuer certificate; give its CA");
  const auto insecure = std::make_shared<TlsSettings>();
  insecure->insecure = true;
  EXPECT_TRUE(run(client.send(https(insecure))));
}

TEST_F(Tls, DoesNotLetOneSettingsObjectUseAnothersConnection) {
  start("IP:127.0.0.1");
  const auto insecure = std::make_shared<TlsSettings>();
  insecure->insecure = true;
  ASSERT_TRUE(run(client.send(https(insecure))));
  expect_refused(nullptr, "unable to get local issuer certificate");
}

TEST_F(Tls, PresentsTheClientsCertificate) {
  const Identity server_identity = authority.issue("server", "IP:127.0.0.1");
  boost::asio::ssl::context context(boost::asio::ssl::context::tls_server);
  context.use_certificate_chain(boost::asio::buffer(server_identity.certificate_pem));
  context.use_private_key(boost::asio::buffer(server_identity.key_pem), boost::asio::ssl::context::pem);
  context.add_certificate_authority(boost::asio::buffer(authority.certificate_pem()));
  context.set_verify_mode(boost::asio::ssl::verify_peer | boost::asio::ssl::verify_fail_if_no_peer_cert);
  RawServer raw(io, [&](Tcp::socket& socket, int) -> Task<> {
    boost::asio::ssl::stream<Tcp::socket&> stream(socket, context);
    boost::system::error_code failure;
    const auto quietly = [&] { return boost::asio::redirect_error(boost::asio::use_awaitable, failure); };
    co_await stream.async_handshake(boost::asio::ssl::stream_base::server, quietly());
    if (failure) co_return;
    char request[1024];
    co_await stream.async_read_some(boost::asio::buffer(request), quietly());
    const std::unique_ptr<X509, decltype(&X509_free)> peer(SSL_get1_peer_certificate(stream.native_handle()),
                                                           X509_free);
    char name[64] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name, sizeof name);
    const std::string answer = "HTTP/1.1 200 OK\r\nX-Peer: " + std::string(name) + "\r\nContent-Length: 0\r\n\r\n";
    co_await boost::asio::async_write(stream, boost::asio::buffer(answer), quietly());
  });
  const std::string url = "https://127.0.0.1:" + std::to_string(raw.port()) + "/";
  const Identity identity = authority.issue("headwind-client", "DNS:client");
  const auto settings = trusting();
  settings->certificate_pem = identity.certificate_pem;
  settings->key_pem = identity.key_pem;
  Request request = get(url);
  request.tls = settings;
  const auto answer = run(client.send(request));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(find_header(answer->headers, "x-peer"), "headwind-client");
  request.tls = trusting();
  const auto nameless = run(client.send(request));
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.error().code, Code::unavailable);
}

TEST_F(Tls, NamesSettingsThatCannotBeUsed) {
  start("IP:127.0.0.1");
  const Identity mine = authority.issue("a", "DNS:a"), other = authority.issue("b", "DNS:b");
  std::vector<std::shared_ptr<TlsSettings>> wrong(4);
  for (auto& settings : wrong) settings = trusting();
  wrong[0]->ca_pem = "not PEM";
  wrong[1]->certificate_pem = mine.certificate_pem;
  wrong[2]->certificate_pem = mine.certificate_pem, wrong[2]->key_pem = other.key_pem;
  wrong[3]->certificate_pem = mine.key_pem, wrong[3]->key_pem = mine.key_pem;
  for (const auto& settings : wrong) {
    const auto answer = run(client.send(https(settings)));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::invalid) << answer.error().message;
    EXPECT_THAT(answer.error().message, testing::Not(HasSubstr("PRIVATE KEY")));
    EXPECT_FALSE(try_settings(*settings)) << "told before any request, too";
  }
  wrong[2]->key_pem = mine.key_pem;
  EXPECT_TRUE(try_settings(*wrong[2]));
}

TEST_F(Tls, HandshakeMustEndInTheTimeForConnecting) {
  ClientOptions options;
  options.connect_timeout = 50ms;
  Client hasty(executor(), options);
  RawServer silent(io, [](Tcp::socket& socket, int) -> Task<> { co_await hear_all(socket); });
  const auto answer = run(hasty.send(get("https://127.0.0.1:" + std::to_string(silent.port()) + "/")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::cancelled);
}

TEST_F(Tls, NamesAServerThatSpeaksPlainHttp) {
  server = serve(echo, {});
  expect_refused(nullptr, "it answers without TLS (wrong version number (SSL routines)) and seems to speak plain HTTP");
}

TEST_F(Tls, PlainTextIsNoHandshake) {
  start("IP:127.0.0.1", {.read_timeout = 100ms});
  EXPECT_THAT(run(ask_raw(server->port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")), testing::Not(HasSubstr("200 OK")));
  EXPECT_TRUE(run(client.send(https(trusting()))));
}

TEST_F(Tls, ReadsTheCertificateAgainWhenItsFilesChange) {
  start("DNS:old.example");
  const auto settings = trusting();
  settings->server_name = "new.example";
  expect_refused(settings, "hostname mismatch");
  std::ofstream(folder / "tls.key") << "half a file";  // a wrong pair does not end the service
  run(sleep_for(1100ms));
  expect_refused(settings, "hostname mismatch");
  install(authority.issue("server", "DNS:new.example"));
  while (!run(client.send(https(settings)))) run(sleep_for(50ms));  // would go on until ctest ends it
}

TEST_F(Tls, NamesTheFileThatAServerCannotUse) {
  ServerOptions options;
  options.certificate_file = folder / "missing.crt";
  options.key_file = folder / "missing.key";
  const auto missing = Server::listen(executor(), options, echo);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("missing.crt"));
  const Identity mine = authority.issue("a", "DNS:a");
  install({mine.certificate_pem, authority.issue("b", "DNS:b").key_pem});
  options.certificate_file = folder / "tls.crt";
  options.key_file = folder / "tls.key";
  const auto mismatched = Server::listen(executor(), options, echo);
  ASSERT_FALSE(mismatched);
  EXPECT_EQ(mismatched.error().code, Code::invalid);
}

}  // namespace
}  // namespace headwind::net::test
