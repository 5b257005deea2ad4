// SPDX-License-Identifier: Apache-2.0
// Each fault on each request of the OCI registry plugin: the error is classified and names its host, nothing leaks, and
// the next call on the same instance succeeds.
#include <gmock/gmock.h>

#include <filesystem>

#include "core/text.hpp"
#include "fault_table.hpp"
#include "net/little_proxy.hpp"
#include "plugin/world.hpp"

namespace headwind::faults {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

struct Path {
  const char* name;
  Spot spot;
  bool lists;  // list_tags, else resolve
};
constexpr Path paths[] = {{"first_page", first_page, true},
                          {"later_page", later_page, true},
                          {"head", head, false},
                          {"get", get, false},
                          {"token", token, true}};

std::ptrdiff_t count(const char* directory) {
  const std::filesystem::directory_iterator entries(directory);
  return std::distance(begin(entries), end(entries));
}

class Faults : public plugin::World, public testing::WithParamInterface<std::tuple<Path, bool>> {
 protected:
  net::test::Authority authority{"Registries"};
  FaultyRegistry registry{loop, authority, tls()};
  FaultyRegistry elsewhere{loop, authority, true};
  net::test::LittleProxy to_elsewhere;  // the only way to the name elsewhere.example
  net::test::RawServer proxy{
      loop, [this](net::test::Tcp::socket& socket, int) -> Task<> { co_await to_elsewhere.serve(socket); }};

  static const Path& path() { return std::get<0>(GetParam()); }
  static bool tls() { return std::get<1>(GetParam()); }
  std::string repository() const { return registry.host() + "/org/app"; }

  void SetUp() override {
    elsewhere.takes_anybody = true;
    to_elsewhere.everywhere = elsewhere.port();
    const auto proxies = net::Proxies::of_environment(
        {{"https_proxy", "127.0.0.1:" + std::to_string(proxy.port())}, {"no_proxy", "127.0.0.1"}});
    ASSERT_TRUE(proxies) << proxies.error().message;
    // With one connection per host, a lease that leaks is the end of all calls.
    http = std::make_shared<net::Client>(loop.get_executor(),
                                         net::ClientOptions{.connections_per_host = 1, .proxies = *proxies});
    auto trust = std::make_shared<net::TlsSettings>();
    trust->ca_pem = authority.certificate_pem();
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    options.peers[registry.host()].tls = trust;
    options.peers["elsewhere.example"].tls = trust;
    start();
    const std::string settings = R"({"hosts":{")" + registry.host() + R"(":{"endpoint":")" + registry.endpoint() +
                                 R"(","username":"ci","password_secret":"pw"}}})";
    for (const auto& [name, deadline] : {std::pair("patient", 20'000ms), std::pair("hasty", 500ms)}) {
      const auto made = create(name, "headwind.registry.oci", settings, {{"pw", FaultyRegistry::password}},
                               {{"list_tags", deadline}, {"resolve", deadline}});
      ASSERT_TRUE(made) << made.error().message;
    }
    registry.takes_head = path().spot != get;
  }

  // The tags or the digest, as one text.
  Result<std::string> call(const std::string& instance) {
    for (const plugin::Registry& each : host->registries()) {
      if (each.name() != instance) continue;
      if (!path().lists) return run(each.resolve(repository(), "1.0.0"));
      const auto tags = run(each.list_tags(repository()));
      if (!tags) return tags.error();
      std::string all;
      for (const auto& name : tags->names) all += name + " ";
      return all;
    }
    return make_error(Code::not_found, "no instance " + instance);
  }

  void expect_good(const std::string& instance) {
    registry.play(nullptr);
    Result<std::string> answer = call(instance);
    // A slow machine may miss the short deadline; what leaked would make it miss for ever.
    for (int i = 0; i < 50 && instance == "hasty" && !answer && answer.error().code == Code::cancelled; ++i)
      answer = call(instance);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_THAT(*answer, HasSubstr(path().lists ? "1.0.0 1.1.0 " : "sha256:"));
  }

  void expect_error(const Fault& fault, const Error& error) {
    Code expected = *fault.code;
    if (path().spot == token && fault.at_token) expected = *fault.at_token;
    if (path().spot == later_page && fault.at_later_page) expected = *fault.at_later_page;
    EXPECT_EQ(to_string(error.code), to_string(expected)) << error.message;
    EXPECT_EQ(error.retry_after, fault.wait) << error.message;
    EXPECT_THAT(error.message, HasSubstr(registry.host()));
    EXPECT_THAT(error.message, Not(HasSubstr(FaultyRegistry::password)));
    EXPECT_THAT(error.message, Not(HasSubstr("token-")));
    if (fault.names_repository && path().spot != token) EXPECT_THAT(error.message, HasSubstr(repository()));
    EXPECT_EQ(error.message, printable(error.message, 2000));
  }

  void suffer(const Fault& fault) {
    const std::string instance = fault.code == Code::cancelled ? "hasty" : "patient";
    expect_good(instance);
    if (path().spot == token) registry.forget_tokens();
    Play play = fault.play;
    play.spot = path().spot;
    registry.play(&play);
    Result<std::string> answer = call(instance);
    // On a slow machine, the short deadline may pass before the fault.
    for (int i = 0; i < 50 && registry.played == 0; ++i) answer = call(instance);
    EXPECT_GT(registry.played, 0) << "the fault did not happen";
    const bool harmless = !fault.code && !(path().spot == token && fault.at_token);
    EXPECT_EQ(answer.has_value(), harmless) << (answer ? *answer : answer.error().message);
    if (!answer && !harmless) expect_error(fault, answer.error());
    expect_good(instance);
    turn([&] { return registry.open_connections() <= 1; });
  }
};

TEST_P(Faults, AreToldAndForgotten) {
  expect_good("patient");
  expect_good("hasty");
  const auto threads = count("/proc/self/task"), files = count("/proc/self/fd");
  for (const Fault& fault : all_faults("https://elsewhere.example")) {
    if ((fault.spots & path().spot) == 0 || (fault.only_tls && !tls())) continue;
    SCOPED_TRACE(fault.name);
    suffer(fault);
    if (HasFatalFailure()) return;
  }
  for (const std::string& head : elsewhere.heads) EXPECT_THAT(to_lower(head), Not(HasSubstr("authorization:")));
  EXPECT_EQ(elsewhere.heads.empty(), path().spot == token);  // a token server's redirect is not followed
  EXPECT_TRUE(host->healthy());
  // Each instance may keep eight idle threads for a while; one for each fault would be more.
  EXPECT_LE(count("/proc/self/task"), threads + 2 * 8);
  // The way to elsewhere.example is kept: client and proxy, proxy and server.
  EXPECT_LE(count("/proc/self/fd"), files + 4);
}

INSTANTIATE_TEST_SUITE_P(All, Faults, testing::Combine(testing::ValuesIn(paths), testing::Bool()),
                         [](const auto& each) {
                           return std::string(std::get<0>(each.param).name) +
                                  (std::get<1>(each.param) ? "_tls" : "_plain");
                         });

}  // namespace
}  // namespace headwind::faults
