// SPDX-License-Identifier: Apache-2.0
// Under which names the HTTP service finds the TLS settings of registries, and how files and secrets that are missing
// are told.
#include "app/instances.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "api_objects.hpp"
#include "app/webhooks.hpp"
#include "config/config.hpp"
#include "net/certificates.hpp"
#include "plugin/peers.hpp"

namespace headwind::app {
namespace {

using testing::ElementsAre;
using testing::Key;

class RegistryPeers : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "headwind-peers-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    for (const char* name : {"ca", "crt", "key"}) std::ofstream(folder / name) << pem(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string pem(std::string_view name) const {
    if (name == "ca") return authority.certificate_pem();
    return name == "key" ? ours.key_pem : ours.certificate_pem;
  }
  config::RegistryHost entry(const std::string& host) {
    config::RegistryHost out;
    out.host = host;
    out.ca_file = folder / "ca";
    return out;
  }
  static std::map<std::string, plugin::Peer> peers(std::vector<config::RegistryHost> hosts) {
    config::Config config;
    config.registries = std::move(hosts);
    Result<std::map<std::string, plugin::Peer>> found = registry_peers(config);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : std::map<std::string, plugin::Peer>();
  }

  const net::test::Authority authority{"an authority"};
  const net::test::Identity ours = authority.issue("ours", "DNS:ours");
  std::filesystem::path folder;
};

TEST_F(RegistryPeers, AreNamedAsTheirHostOrEndpoint) {
  config::RegistryHost moved = entry("r.test");
  moved.endpoint = "https://real.test:8443/hub";
  EXPECT_THAT(peers({moved, entry("s.test:5000"), entry("*.t.test")}),
              ElementsAre(Key("*.t.test"), Key("real.test:8443"), Key("s.test:5000")));
}

TEST_F(RegistryPeers, OfDockerHubAreThoseOfItsApiHostAndOfNoOther) {
  for (const char* name : {"docker.io", "index.docker.io", "registry-1.docker.io"}) {
    config::RegistryHost hub = entry(name);
    hub.certificate_file = folder / "crt";
    hub.key_file = folder / "key";
    const auto found = peers({hub});
    ASSERT_THAT(found, ElementsAre(Key("registry-1.docker.io"))) << name;
    const net::TlsSettings& tls = *found.begin()->second.tls;
    EXPECT_EQ(tls.ca_pem, pem("ca"));
    EXPECT_EQ(tls.certificate_pem, pem("crt"));
    EXPECT_EQ(tls.key_pem, pem("key"));
    EXPECT_FALSE(tls.insecure);
  }
  config::RegistryHost careless;
  careless.host = "docker.io";
  careless.insecure = true;
  const auto found = peers({careless});
  ASSERT_THAT(found, ElementsAre(Key("registry-1.docker.io")));
  EXPECT_TRUE(found.begin()->second.tls->insecure);
}

TEST_F(RegistryPeers, OfDockerHubElsewhereAreThoseOfThatPlace) {
  config::RegistryHost hub = entry("docker.io");
  hub.endpoint = "https://harbor.test/dockerhub";
  EXPECT_THAT(peers({hub}), ElementsAre(Key("harbor.test")));
}

TEST_F(RegistryPeers, OfAnEntryThatSaysNothingOfTlsAreVerifiedWhateverAPatternSays) {
  config::RegistryHost careless, plain, hub, moved;
  careless.host = "*.azurecr.io";
  careless.insecure = true;
  plain.host = "team.azurecr.io";
  plain.identity = "azure";
  hub.host = "docker.io";
  moved.host = "r.test";
  moved.endpoint = "https://other.azurecr.io";
  const auto found = peers({careless, plain, hub, moved});
  EXPECT_THAT(found, ElementsAre(Key("*.azurecr.io"), Key("registry-1.docker.io"), Key("team.azurecr.io")));
  plugin::Peers book;
  book.use(found);
  EXPECT_EQ(book.tls_of("team.azurecr.io"), nullptr);
  EXPECT_EQ(book.tls_of("registry-1.docker.io"), nullptr);
  ASSERT_NE(book.tls_of("other.azurecr.io"), nullptr);
  EXPECT_TRUE(book.tls_of("other.azurecr.io")->insecure);
  config::RegistryHost same = entry("s.test");
  same.endpoint = "https://registry-1.docker.io";
  EXPECT_NE(peers({same, hub}).at("registry-1.docker.io").tls, nullptr) << "what is said of a place is kept";
}

TEST_F(RegistryPeers, AreRefusedWhereAnIdentityWouldBeShownToOneWhoIsNotVerified) {
  const auto refusal = [](const std::string& entries) {
    const auto config = config::parse("registries: {" + entries + "}", "c.yaml");
    if (!config) return "not parsed: " + config.error().message;
    const auto found = registry_peers(*config);
    return found ? std::string("taken") : found.error().message;
  };
  EXPECT_EQ(refusal("gcr.io: {identity: gcp, endpoint: 'https://eu.gcr.io'}, '*.gcr.io': {insecure: true}"),
            "registries.gcr.io.identity is shown to eu.gcr.io, whose certificate registries.*.gcr.io.insecure leaves "
            "unverified: remove one");
  for (const char* entries :
       {"gcr.io: {identity: gcp, endpoint: 'https://eu.gcr.io/a'}, eu.gcr.io: {insecure: true}",
        "eu.gcr.io: {identity: gcp}, r.test: {insecure: true, endpoint: 'https://eu.gcr.io'}",
        "'*.gcr.io': {identity: gcp}, r.test: {insecure: true, endpoint: 'https://eu.gcr.io:443/a'}"})
    EXPECT_THAT(refusal(entries), testing::HasSubstr("gcr.io, whose certificate registries.")) << entries;
  for (const char* entries :
       {"'*.azurecr.io': {insecure: true}, team.azurecr.io: {identity: azure}",
        "'*.azurecr.io': {identity: azure}, team.azurecr.io: {insecure: true}",
        "gcr.io: {identity: gcp, endpoint: 'https://eu.gcr.io'}, '*.gcr.io': {insecure: true}, eu.gcr.io: {}",
        "gcr.io: {identity: gcp}, r.test: {insecure: true}"})
    EXPECT_EQ(refusal(entries), "taken") << entries;
}

TEST_F(RegistryPeers, NameTheFieldOfAFileThatCannotBeRead) {
  config::RegistryHost hub = entry("docker.io");
  hub.ca_file = folder / "none";
  config::Config config;
  config.registries = {hub};
  const auto found = registry_peers(config);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, testing::StartsWith("registries.docker.io.caFile: the file "));
}

TEST_F(RegistryPeers, NameTheFieldOfAFileThatIsNotPem) {
  config::RegistryHost mixed_up = entry("docker.io");
  mixed_up.certificate_file = folder / "crt";
  mixed_up.key_file = folder / "crt";
  config::Config config;
  config.registries = {mixed_up};
  EXPECT_EQ(registry_peers(config).error().message, "registries.docker.io.keyFile: the file " + mixed_up.key_file +
                                                        " is not PEM; it must hold -----BEGIN PRIVATE KEY-----");
  std::ofstream(folder / "ca") << "0\x82";
  EXPECT_EQ(registry_peers(config).error().message, "registries.docker.io.caFile: the file " + mixed_up.ca_file +
                                                        " is not PEM; it must hold -----BEGIN CERTIFICATE-----");
}

TEST_F(RegistryPeers, AreRefusedWhereAKeyIsOfAnotherCertificate) {
  config::RegistryHost hub = entry("docker.io");
  hub.certificate_file = folder / "crt";
  hub.key_file = folder / "other";
  std::ofstream(folder / "other") << authority.issue("ours", "DNS:ours").key_pem;
  config::Config config;
  config.registries = {hub};
  EXPECT_EQ(registry_peers(config).error().message,
            "registries.docker.io: the client key of the TLS settings does not belong to their client certificate; "
            "give the pair");
}

using Creation = test::ApiObjects;

TEST_F(Creation, NamesTheFieldOfASecretThatIsMissing) {
  const auto config = config::parse("registries: {'r.test:5000': {username: u, password: {file: /no/such}}}", "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  plugin::Host host(executor(), http, metrics, {});
  Refusals refusals(metrics);
  const Result<> created = run(create_instances(host, *config, {}, refusals));
  ASSERT_FALSE(created);
  EXPECT_THAT(created.error().message,
              testing::StartsWith("registries.r.test:5000.password: the secret file /no/such cannot be opened"));
}

TEST(IntakeOptions, NameTheFieldOfASecretThatIsMissing) {
  const auto config = config::parse(
      "webhooks: {dockerhub: {secret: {file: /no/such}}, registry: {secret: {environment: A}, previousSecret: "
      "{environment: B}}}",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(intake_options(*config, {}, {}).error().message,
              testing::StartsWith("webhooks.dockerhub.secret: the secret file /no/such cannot be opened: mount it"));
  config::Config other = *config;
  other.webhook_secrets.erase("dockerhub");
  EXPECT_THAT(intake_options(other, {}, {{"A", "a"}}).error().message,
              testing::StartsWith("webhooks.registry.previousSecret: the variable B that holds the secret is not set"));
}

}  // namespace
}  // namespace headwind::app
