// SPDX-License-Identifier: Apache-2.0
// Amazon: moto for the API, which checks the signatures; docker-registry behind the password that ECR gives for its
// registry side, which moto does not have.
#include <fstream>
#include <stdexcept>

#include "core/hash.hpp"
#include "fixture.hpp"
#include "testbed/moto.hpp"

namespace headwind::end_to_end {
namespace {

using testbed::Moto;
using testing::HasSubstr;
using testing::Not;

Moto& amazon() {
  static const std::unique_ptr<Moto> made = [] {
    auto started = Moto::start();
    if (!started) throw std::runtime_error(started.error().message);
    return std::move(*started);
  }();
  return *made;
}

class Ecr : public EndToEnd {
 protected:
  // With keys of its own in its environment, as a process outside Amazon has them.
  void start_with(const std::string& endpoint, bool polling) {
    OperatorSettings with = settings();
    if (!endpoint.empty()) with.registries = {{Moto::registry_host(), {}, {}, endpoint}};
    with.polling = polling;
    with.instances.push_back(
        {{"name", "ecr"}, {"plugin", "headwind.registry.ecr"}, {"settings", {{"api_endpoint", amazon().url()}}}});
    with.environment = {"AWS_ACCESS_KEY_ID=" + amazon().keys().id, "AWS_SECRET_ACCESS_KEY=" + amazon().keys().secret,
                        "AWS_SESSION_TOKEN="};
    start(with);
  }
  std::string image_there(const std::string& tag) const {
    return Moto::registry_host() + "/" + repository() + ":" + tag;
  }
  // As EventBridge passes it on.
  Reply tell_push(const std::string& tag, const std::string& digest) const {
    return OperatorProcess::webhook("ecr", {{"version", "0"},
                                            {"id", "13cde686-328b-6117-af20-0e5566167482"},
                                            {"detail-type", "ECR Image Action"},
                                            {"source", "aws.ecr"},
                                            {"account", Moto::account},
                                            {"time", "2026-11-16T01:54:34Z"},
                                            {"region", Moto::region},
                                            {"resources", Json::array()},
                                            {"detail",
                                             {{"result", "SUCCESS"},
                                              {"repository-name", repository()},
                                              {"image-digest", digest},
                                              {"action-type", "PUSH"},
                                              {"image-tag", tag}}}});
  }
};

TEST_F(Ecr, the_signed_api_confirms_a_push_that_EventBridge_tells_and_finds_one_that_nobody_tells) {
  amazon().create_repository(repository());
  amazon().put_image(repository(), "1.0.0");
  start_with({}, true);
  auto polled = automatic();
  polled.emplace_back("event-source", "polling");
  deploy({"Deployment", "told", {{"app", image_there("1.0.0")}}, automatic()});
  deploy({"Deployment", "polled", {{"app", image_there("1.0.0")}}, polled});
  const std::string digest = amazon().put_image(repository(), "1.1.0");
  EXPECT_EQ(tell_push("1.1.0", digest).status, 200u);
  EXPECT_TRUE(runs(image_there("1.1.0"), "told"));
  EXPECT_TRUE(runs(image_there("1.1.0"), "polled"));
  EXPECT_THAT(amazon().log(), Not(HasSubstr("403"))) << "every signature was right";
  EXPECT_THAT(headwind->log(), Not(HasSubstr(amazon().keys().secret)));
}

TEST_F(Ecr, a_pull_secret_with_the_password_of_ECR_is_used_on_its_registry_side) {
  const auto accounts = testbed::make_temporary_directory("htpasswd");
  // htpasswd -nbB -C 4 AWS 123456789012-auth-token
  std::ofstream(accounts / "htpasswd") << "AWS:$2y$04$AN4DNOX6wSR80Na/OVi3Qu7tYSUsqL.jbKBvJeQSZVyfpZDJ8CGrO\n";
  const std::string login = std::string("AWS:") + Moto::registry_password;
  const Registry side(
      {.configuration = "auth: {htpasswd: {realm: ecr, path: " + (accounts / "htpasswd").string() + "}}\n",
       .authorization = [&](const std::string&) { return "Basic " + base64_encode(login); }});
  side.push(repository(), "1.0.0");
  put_pull_secret(space, "ecr-login", Moto::registry_host(), "AWS", Moto::registry_password);
  start_with("http://" + side.host(), false);
  deploy({"Deployment", "web", {{"app", image_there("1.0.0")}}, automatic(), {"ecr-login"}});
  const std::size_t before = amazon().log().size();
  EXPECT_EQ(tell_push("1.1.0", side.push(repository(), "1.1.0")).status, 200u);
  EXPECT_TRUE(runs(image_there("1.1.0")));
  EXPECT_EQ(amazon().log().substr(before), "") << "the operator's own keys are not needed";
  EXPECT_EQ(call("GET", "http://" + side.host() + "/v2/").status, 401u) << "nobody reads there without the password";
  std::filesystem::remove_all(accounts);
}

}  // namespace
}  // namespace headwind::end_to_end
