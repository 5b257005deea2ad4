// SPDX-License-Identifier: Apache-2.0
// Registries are read with what the workload's own nodes would pull with: T81 of the scenarios, and what must not
// happen beside it.
#include <algorithm>

#include "fixture.hpp"
#include "token_server.hpp"

namespace headwind::end_to_end {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class PullSecrets : public EndToEnd {
 protected:
  void start_with(bool polling) {
    OperatorSettings with = settings();
    with.registry = private_registry().host();
    with.polling = polling;
    start(with);
  }
  // Tells its pushes; its tokens are asked for anew each second.
  const Registry& private_registry() const { return *registry_; }
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    registry_ = std::make_unique<Registry>(RegistryOptions{.notified = OperatorProcess::webhook_url(),
                                                           .configuration = tokens.configuration(),
                                                           .authorization = tokens.pusher()});
    private_registry().push(repository(), "1.0.0");
  }
  std::string image_there(const std::string& tag) const {
    return private_registry().host() + "/" + repository() + ":" + tag;
  }
  Workload pulling(const std::string& name, std::vector<std::string> secrets, bool polled = false) const {
    Workload made{"Deployment", name, {{"app", image_there("1.0.0")}}, automatic(), std::move(secrets)};
    if (polled) made.annotations.emplace_back("event-source", "polling");
    return made;
  }
  void put_secret(const std::string& name_space, const std::string& name, const std::string& user,
                  const std::string& password) const {
    put_pull_secret(name_space, name, private_registry().host(), user, password);
  }
  std::vector<std::string> known_users() const {
    std::vector<std::string> users;
    for (const auto& question : tokens.questions())
      if (question.known) users.push_back(question.user);
    return users;
  }
  void expect_only_ours_moves(const std::string& other) {
    plane().create_namespace(other);
    tokens.allow("our-robot", "planted-our-password", {repository()});
    tokens.allow("other-robot", "planted-other-password", {});
    put_secret(space, "regcred", "our-robot", "planted-our-password");
    put_secret(other, "regcred", "other-robot", "planted-other-password");
    start_with(false);
    create(other, pulling("web", {"regcred"}));
    deploy(pulling("web", {"regcred"}));
    ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", other, "web"); }));
    private_registry().push(repository(), "1.1.0");
    EXPECT_TRUE(runs(image_there("1.1.0")));
    EXPECT_TRUE(eventually([&] { return !events_about(other, "web").empty(); }));
    EXPECT_EQ(image_of(get(path_of("Deployment", other, "web"))), image_there("1.0.0"));
    EXPECT_THAT(known_users(), AllOf(Contains("our-robot"), Contains("other-robot")));
  }

  TokenServer tokens{std::chrono::seconds(1)};

 private:
  std::unique_ptr<Registry> registry_;
};

TEST_F(PullSecrets, T81_the_secret_of_the_pod_template_is_used) {
  tokens.allow("puller", "planted-pod-password", {repository()});
  put_secret(space, "of-pod", "puller", "planted-pod-password");
  start_with(false);
  deploy(pulling("web", {"of-pod"}));
  private_registry().push(repository(), "1.1.0");
  EXPECT_TRUE(runs(image_there("1.1.0")));
  EXPECT_THAT(known_users(), AllOf(Not(IsEmpty()), Each("puller")));
}

TEST_F(PullSecrets, T81_the_secret_of_the_service_account_is_used) {
  tokens.allow("account", "planted-account-password", {repository()});
  put_secret(space, "of-account", "account", "planted-account-password");
  put_service_account(space, "deployer", "of-account");
  start_with(false);
  Workload web = pulling("web", {});
  web.service_account = "deployer";
  deploy(web);
  private_registry().push(repository(), "1.1.0");
  EXPECT_TRUE(runs(image_there("1.1.0")));
  EXPECT_THAT(known_users(), AllOf(Not(IsEmpty()), Each("account")));
}

TEST_F(PullSecrets, T81_the_secret_of_the_default_service_account_is_used) {
  tokens.allow("default", "planted-default-password", {repository()});
  put_secret(space, "of-default", "default", "planted-default-password");
  put_service_account(space, "default", "of-default");
  start_with(false);
  deploy(pulling("web", {}));
  private_registry().push(repository(), "1.1.0");
  EXPECT_TRUE(runs(image_there("1.1.0")));
  EXPECT_THAT(known_users(), AllOf(Not(IsEmpty()), Each("default")));
}

TEST_F(PullSecrets, T81_a_wrong_secret_is_told_once_and_the_right_one_is_used_at_the_next_poll) {
  tokens.allow("puller", "planted-right-password", {repository()});
  put_secret(space, "regcred", "puller", "planted-wrong-password");
  private_registry().push(repository(), "1.1.0");
  start_with(true);
  deploy(pulling("web", {"regcred"}, true));
  ASSERT_TRUE(eventually([&] { return !events_about(space, "web").empty(); })) << headwind->log();
  const std::size_t asked = tokens.questions().size();
  ASSERT_TRUE(eventually([&] { return tokens.questions().size() > asked; })) << "a second round";
  EXPECT_EQ(image_of(workload()), image_there("1.0.0"));
  const auto told = events_about(space, "web");
  ASSERT_THAT(told, SizeIs(1)) << "once, not each round";
  EXPECT_THAT(told[0], AllOf(HasSubstr(space + "/regcred"), HasSubstr(private_registry().host()), HasSubstr("401")));
  EXPECT_THAT(told[0], Not(HasSubstr("planted")));
  EXPECT_THAT(known_users(), IsEmpty());

  put_secret(space, "regcred", "puller", "planted-right-password");
  EXPECT_TRUE(runs(image_there("1.1.0"))) << "without a restart";
  EXPECT_THAT(known_users(), AllOf(Not(IsEmpty()), Each("puller")));
}

// Two namespaces, one repository, each with an account of its own: ours may read there, the other's may not.
TEST_F(PullSecrets, T81_a_push_does_not_move_a_namespace_whose_own_secret_may_not_read_it) {
  expect_only_ours_moves(space + "-other");
}
TEST_F(PullSecrets, T81_a_secret_that_may_not_read_is_no_trouble_of_another_namespace) {
  expect_only_ours_moves("a-" + space);
}

TEST_F(PullSecrets, T81_a_list_that_is_read_with_a_secret_is_not_shown_to_a_namespace_without) {
  const std::string other = space + "-b";
  plane().create_namespace(other);
  tokens.allow("a-robot", "planted-a-password", {repository()});
  private_registry().push(repository(), "1.1.0");
  start_with(true);
  // At first neither has one: one stream for both. Then a gets the Secret that its pods name.
  create(other, pulling("web", {}, true));
  deploy(pulling("web", {"regcred"}, true));
  ASSERT_TRUE(eventually([&] { return !events_about(other, "web").empty(); }));
  put_secret(space, "regcred", "a-robot", "planted-a-password");
  EXPECT_TRUE(runs(image_there("1.1.0")));
  EXPECT_EQ(image_of(get(path_of("Deployment", other, "web"))), image_there("1.0.0"));
  for (const std::string& message : events_about(other, "web")) EXPECT_THAT(message, Not(HasSubstr("1.1.0")));
}

}  // namespace
}  // namespace headwind::end_to_end
