// SPDX-License-Identifier: Apache-2.0
// A registry that wants to see a client's certificate.
#include <gmock/gmock.h>

#include "faulty_registry.hpp"
#include "plugin/world.hpp"

namespace headwind::faults {
namespace {

class ClientCertificate : public plugin::World {
 protected:
  net::test::Authority authority{"Registries"};
  FaultyRegistry registry{loop, authority, true};

  // The digest behind a tag, asked by a host that reaches the registry so.
  Result<std::string> resolve_with(const net::test::Identity& identity) {
    auto tls = std::make_shared<net::TlsSettings>();
    tls->ca_pem = authority.certificate_pem();
    tls->certificate_pem = identity.certificate_pem;
    tls->key_pem = identity.key_pem;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    options.peers[registry.host()].tls = tls;
    if (host) run(host->shut_down(std::chrono::milliseconds(100)));
    start();
    const Result<> made = create("oci", "headwind.registry.oci",
                                 R"({"hosts":{")" + registry.host() + R"(":{"endpoint":")" + registry.endpoint() +
                                     R"(","username":"ci","password_secret":"pw"}}})",
                                 {{"pw", FaultyRegistry::password}});
    if (!made) return made.error();
    return run(host->registries().front().resolve(registry.host() + "/org/app", "1.0.0"));
  }
};

TEST_F(ClientCertificate, OpensTheRegistryAndNothingElseDoes) {
  registry.want_certificates(authority);
  const auto good = resolve_with(authority.issue("headwind", "DNS:headwind"));
  ASSERT_TRUE(good) << good.error().message;
  for (const auto& wrong :
       {net::test::Identity{}, net::test::Authority("A stranger").issue("headwind", "DNS:headwind")}) {
    const auto refused = resolve_with(wrong);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::unavailable) << refused.error().message;
    EXPECT_THAT(refused.error().message, testing::HasSubstr(registry.host()));
  }
}

TEST_F(ClientCertificate, OfACallIsShownToTheHostOfItsRepositoryAndToNoOther) {
  registry.want_certificates(authority);
  const net::test::Identity identity = authority.issue("headwind", "DNS:headwind");
  auto tls = std::make_shared<net::TlsSettings>();
  tls->ca_pem = authority.certificate_pem();
  tls->certificate_pem = identity.certificate_pem;
  tls->key_pem = identity.key_pem;
  tls->with_system = true;
  tls->origin = "Secret shop/tls";
  const plugin::Credential credential{"one", "ci", FaultyRegistry::password, {}, {}, tls};
  options.directories = {std::filesystem::path(std::getenv("HEADWIND_BUILD")) / "plugins"};
  start();
  const Result<> made = create("oci", "headwind.registry.oci",
                               R"({"hosts":{"elsewhere.example":{"endpoint":")" + registry.endpoint() + "\"}}}");
  ASSERT_TRUE(made) << made.error().message;
  const plugin::Registry oci = host->registries().front();
  const auto good = run(oci.resolve(registry.host() + "/org/app", "1.0.0", credential));
  ASSERT_TRUE(good) << good.error().message;
  const auto elsewhere = run(oci.resolve("elsewhere.example/org/app", "1.0.0", credential));
  ASSERT_FALSE(elsewhere) << "its certificate is trusted by nobody else";
  EXPECT_THAT(elsewhere.error().message, testing::HasSubstr("its certificate is refused"));
  EXPECT_THAT(elsewhere.error().message, testing::Not(testing::HasSubstr("shop/tls")));
  ASSERT_FALSE(run(oci.resolve(registry.host() + "/org/app", "1.0.0"))) << "nor by another call";
  auto wrong = std::make_shared<net::TlsSettings>(*tls);
  wrong->ca_pem = net::test::Authority("A stranger").certificate_pem();
  const auto refused =
      run(oci.resolve(registry.host() + "/org/app", "1.0.0", plugin::Credential{"two", {}, {}, {}, {}, wrong}));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("with the certificates of Secret shop/tls"));
  EXPECT_THAT(refused.error().message, testing::Not(testing::HasSubstr("PRIVATE KEY")));
}

}  // namespace
}  // namespace headwind::faults
