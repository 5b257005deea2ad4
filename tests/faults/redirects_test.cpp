// SPDX-License-Identifier: Apache-2.0
// A registry of the world outside that sends us where it could not get itself. Every connection goes through a proxy,
// so what the plugin tried to reach is known.
#include <gmock/gmock.h>

#include "faulty_registry.hpp"
#include "net/little_proxy.hpp"
#include "plugin/world.hpp"

namespace headwind::faults {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Redirects : public plugin::World {
 protected:
  net::test::Authority authority{"Registries"};
  FaultyRegistry registry{loop, authority, true};
  net::test::LittleProxy ways;
  net::test::RawServer proxy{loop,
                             [this](net::test::Tcp::socket& socket, int) -> Task<> { co_await ways.serve(socket); }};

  void SetUp() override {
    registry.takes_anybody = true;
    ways.everywhere = registry.port();
    const auto proxies = net::Proxies::of_environment({{"all_proxy", "127.0.0.1:" + std::to_string(proxy.port())}});
    ASSERT_TRUE(proxies) << proxies.error().message;
    http = std::make_shared<net::Client>(loop.get_executor(), net::ClientOptions{.proxies = *proxies});
    auto trust = std::make_shared<net::TlsSettings>();
    trust->ca_pem = authority.certificate_pem();
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    options.peers["registry.example"].tls = trust;
    start();
    const auto made = create("oci", "headwind.registry.oci");
    ASSERT_TRUE(made) << made.error().message;
  }
};

TEST_F(Redirects, IntoPrivateNetworksAndOutOfTlsAreNotFollowed) {
  for (const char* location :
       {"https://10.0.0.1/v2/", "https://127.0.0.1/v2/", "https://localhost/v2/", "https://localhost./v2/",
        "https://169.254.169.254/latest/meta-data/", "https://100.100.100.200/latest/", "https://[::1]/",
        "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/", "https://0x7f000001/v2/", "https://2130706433/",
        "https://127.1/", "http://elsewhere.example/v2/", "//10.0.0.1/v2/", "file:///etc/passwd",
        "https://me@elsewhere.example/"}) {
    SCOPED_TRACE(location);
    const std::string answer = Answer{307, "Location: " + std::string(location) + "\r\n", ""}.text();
    for (const Spot spot : {first_page, later_page, head}) {
      Play play{.spot = spot, .bytes = [&](const Answer&) { return answer; }};
      registry.play(&play);
      const plugin::Registry oci = host->registries().front();
      const std::string repository = "registry.example/org/app";
      std::optional<Error> error;
      if (spot == head) {
        if (const auto found = run(oci.resolve(repository, "1.0.0")); !found) error = found.error();
      } else if (const auto tags = run(oci.list_tags(repository)); !tags) {
        error = tags.error();
      }
      ASSERT_TRUE(error);
      EXPECT_EQ(error->code, Code::unavailable) << error->message;
      EXPECT_THAT(error->message, HasSubstr("registry.example"));
      EXPECT_EQ(registry.played, 1);
    }
  }
  ASSERT_FALSE(ways.heads.empty());
  for (const std::string& request : ways.heads) EXPECT_THAT(request, StartsWith("CONNECT registry.example:443 "));
}

}  // namespace
}  // namespace headwind::faults
