// SPDX-License-Identifier: Apache-2.0
// Every registry that can be had, pushing or being polled, with the accounts that it asks for.
#include <fstream>

#include "core/hash.hpp"
#include "fixture.hpp"
#include "token_server.hpp"

namespace headwind::end_to_end {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kRobotPassword = "planted-robot-password";
constexpr const char* kCiPassword = "s3cret";
// htpasswd -nbB -C 4 ci s3cret
constexpr const char* kHtpasswd = "ci:$2y$04$AN4DNOX6wSR80Na/OVi3Qu9uBauwTyNqsuy4nyt0nvAp/Z9TANC/S\n";

class Accounts {
 public:
  Accounts() : directory_(testbed::make_temporary_directory("htpasswd")) {
    std::ofstream(directory_ / "htpasswd") << kHtpasswd;
  }
  ~Accounts() { std::filesystem::remove_all(directory_); }
  std::string configuration() const {
    return "auth: {htpasswd: {realm: test, path: " + (directory_ / "htpasswd").string() + "}}\n";
  }
  static std::string pusher(const std::string&) { return "Basic " + base64_encode(std::string("ci:") + kCiPassword); }

 private:
  std::filesystem::path directory_;
};

class Peers : public EndToEnd {
 protected:
  void start_with(const std::vector<RegistryAccess>& registries, bool polling = false) {
    OperatorSettings with = settings();
    with.registries = registries;
    with.polling = polling;
    start(with);
  }
  std::string image_at(const Registry& registry, const std::string& tag) const {
    return registry.host() + "/" + repository() + ":" + tag;
  }
  // Anonymously nobody reads there: what the operator reads, it reads with its account.
  static unsigned anonymous_status(const Registry& registry, const std::string& path) {
    return call("GET", "http://" + registry.host() + "/v2/" + path + "/tags/list").status;
  }
  // Pushes `from`, deploys it, lets the registry tell its push of `to`, and waits for the workload.
  void expect_push_arrives(const Registry& registry, const RegistryAccess& access) {
    registry.push(repository(), "1.0.0");
    start_with({access});
    deploy({"Deployment", "web", {{"app", image_at(registry, "1.0.0")}}, automatic()});
    registry.push(repository(), "1.1.0");
    EXPECT_TRUE(runs(image_at(registry, "1.1.0")));
    EXPECT_THAT(headwind->log(), Not(HasSubstr(R"("level":"error")")));
  }
  static std::vector<std::pair<std::string, std::string>> polled() {
    auto annotations = automatic();
    annotations.emplace_back("event-source", "polling");
    return annotations;
  }
};

TEST_F(Peers, a_push_to_docker_registry_2_with_token_accounts_arrives) {
  TokenServer tokens;
  tokens.allow("robot", kRobotPassword, {repository()});
  const Registry registry({.notified = OperatorProcess::webhook_url(),
                           .configuration = tokens.configuration(),
                           .authorization = tokens.pusher()});
  expect_push_arrives(registry, {registry.host(), "robot", kRobotPassword});
  EXPECT_EQ(anonymous_status(registry, repository()), 401u);
  const auto questions = tokens.questions_about(repository());
  ASSERT_FALSE(questions.empty());
  for (const auto& question : questions) {
    EXPECT_TRUE(question.known) << question.user;
    EXPECT_EQ(question.user, "robot");
    EXPECT_THAT(question.scopes, ElementsAre("repository:" + repository() + ":pull"));
  }
}

TEST_F(Peers, a_push_to_docker_registry_2_with_htpasswd_arrives) {
  const Accounts accounts;
  const Registry registry({.notified = OperatorProcess::webhook_url(),
                           .configuration = accounts.configuration(),
                           .authorization = Accounts::pusher});
  expect_push_arrives(registry, {registry.host(), "ci", kCiPassword});
  EXPECT_EQ(anonymous_status(registry, repository()), 401u);
}

TEST_F(Peers, a_push_to_distribution_3_arrives) {
  const Registry registry({.program = Program::distribution, .notified = OperatorProcess::webhook_url()});
  expect_push_arrives(registry, {registry.host()});
}

TEST_F(Peers, a_push_to_distribution_3_with_token_accounts_arrives) {
  TokenServer tokens;
  tokens.allow("robot", kRobotPassword, {repository()});
  const Registry registry({.program = Program::distribution,
                           .notified = OperatorProcess::webhook_url(),
                           .configuration = tokens.configuration(),
                           .authorization = tokens.pusher()});
  expect_push_arrives(registry, {registry.host(), "robot", kRobotPassword});
  EXPECT_EQ(anonymous_status(registry, repository()), 401u);
  EXPECT_FALSE(tokens.questions_about(repository()).empty());
}

// All at once: their first rounds pass together.
TEST_F(Peers, T79_T80_silent_registries_of_every_kind_are_polled_on_their_own_accounts) {
  TokenServer tokens;
  tokens.allow("robot", kRobotPassword, {repository()});
  const Accounts accounts;
  struct Peer {
    std::string name;
    Registry registry;
    std::string username, password;
  };
  const Peer peers[] = {
      {"token", Registry({.configuration = tokens.configuration(), .authorization = tokens.pusher()}), "robot",
       kRobotPassword},
      {"htpasswd", Registry({.configuration = accounts.configuration(), .authorization = Accounts::pusher}), "ci",
       kCiPassword},
      {"paged",
       Registry({.program = Program::distribution,
                 .configuration = tokens.configuration(),
                 .authorization = tokens.pusher()}),
       "robot", kRobotPassword},
      {"crane", Registry({.program = Program::crane}), {}, {}},
  };
  std::vector<RegistryAccess> access;
  for (const Peer& peer : peers) {
    if (peer.name == "paged") peer.registry.push_range(repository(), "1.0.[1-1100]");
    for (const char* tag : {"1.0.0", "1.9.0"}) peer.registry.push(repository(), tag);
    access.push_back({peer.registry.host(), peer.username, peer.password});
  }
  const Reply first_page = peers[2].registry.read(repository(), "tags/list?n=1000");
  EXPECT_THAT(std::string(net::find_header(first_page.headers, "Link")), HasSubstr("rel=\"next\""));
  EXPECT_THAT(first_page.body, Not(HasSubstr("1.9.0"))) << "only who turns the page finds it";
  start_with(access, true);
  for (const Peer& peer : peers)
    deploy({"Deployment", peer.name, {{"app", image_at(peer.registry, "1.0.0")}}, polled()});
  for (const Peer& peer : peers) EXPECT_TRUE(runs(image_at(peer.registry, "1.9.0"), peer.name)) << peer.name;
  for (const char* name : {"token", "paged"}) EXPECT_EQ(history_of(workload(name)).size(), 2u) << "in one step";
  for (const auto& question : tokens.questions()) EXPECT_TRUE(question.known) << question.user;
  EXPECT_EQ(headwind->metric("headwind_polling_errors_total"), 0);
}

}  // namespace
}  // namespace headwind::end_to_end
