// SPDX-License-Identifier: Apache-2.0
// Passwords and tokens are planted wherever the operator takes them from; then all that it has written is searched.
#include "core/hash.hpp"
#include "core/text.hpp"
#include "fixture.hpp"
#include "token_server.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;

struct Planted {
  std::string user, password;
};
const Planted kRight{"puller", "planted-right-Zq81"}, kWrong{"liar", "planted-wrong-Zq82"},
    kConfigured{"robot", "planted-configured-Zq83"};

class Secrecy : public EndToEnd {
 protected:
  // Everything that others could read afterwards.
  std::vector<std::pair<std::string, std::string>> written() const {
    std::vector<std::pair<std::string, std::string>> all{{"the log", headwind->log()},
                                                         {"the metrics", headwind->metrics()},
                                                         {"the API", headwind->api("GET", "/api/v1/updates").body}};
    for (const char* collection : {"/api/v1/events", "/api/v1/configmaps", "/apis/headwind.sh/v1alpha1/updaterequests",
                                   "/apis/apps/v1/deployments"})
      all.emplace_back(collection, plane().call("GET", collection).body);
    all.emplace_back("the notifications", Json(receiver->about(space)).dump());
    return all;
  }
  static std::vector<std::string> needles(const std::vector<std::string>& tokens) {
    std::vector<std::string> result;
    for (const Planted& one : {kRight, kWrong, kConfigured}) {
      result.push_back(one.password);
      result.push_back(base64_encode(one.user + ":" + one.password));
    }
    // Of a token its claims and its signature, each by itself.
    for (const std::string& token : tokens)
      for (const std::string_view part : split(token, '.'))
        if (part != split(tokens[0], '.')[0]) result.emplace_back(part);
    return result;
  }
};

TEST_F(Secrecy, nothing_that_a_run_writes_holds_a_password_or_a_token) {
  TokenServer tokens(std::chrono::seconds(1)), others;
  const std::string configured = space + "/configured";
  tokens.allow(kRight.user, kRight.password, {repository()});
  others.allow(kConfigured.user, kConfigured.password, {configured});
  const auto serve = [](const TokenServer& server) {
    return RegistryOptions{.notified = OperatorProcess::webhook_url(),
                           .configuration = server.configuration(),
                           .authorization = server.pusher()};
  };
  const Registry registry(serve(tokens)), second(serve(others));
  const std::string image = registry.host() + "/" + repository(), other = second.host() + "/" + configured;
  for (const char* tag : {"1.0.0", "1.1.0"}) registry.push(repository(), tag);
  second.push(configured, "1.0.0");
  put_pull_secret(space, "right", registry.host(), kRight.user, kRight.password);
  put_pull_secret(space, "wrong", registry.host(), kWrong.user, kWrong.password);

  OperatorSettings with = settings();
  with.registry = registry.host();
  with.registries = {{second.host(), kConfigured.user, kConfigured.password}};
  with.polling = true, with.log = "debug";
  start(with);
  auto polled = automatic(), asking = on_approval();
  polled.emplace_back("event-source", "polling"), asking.emplace_back("event-source", "polling");
  deploy({"Deployment", "good", {{"app", image + ":1.0.0"}}, polled, {"right"}});
  deploy({"Deployment", "waits", {{"app", image + ":1.0.0"}}, asking, {"right"}});
  deploy({"Deployment", "bad", {{"app", image + ":1.0.0"}}, polled, {"wrong"}});
  deploy({"Deployment", "named", {{"app", other + ":1.0.0"}}, automatic()});
  second.push(configured, "1.1.0");

  EXPECT_TRUE(runs(image + ":1.1.0", "good"));
  EXPECT_TRUE(runs(other + ":1.1.0", "named"));
  EXPECT_TRUE(request_for("waits-app-1-1-0", "Pending").is_object());
  ASSERT_TRUE(eventually([&] { return !events_about(space, "bad").empty(); }));
  EXPECT_THAT(events_about(space, "bad")[0], HasSubstr(space + "/wrong"));
  const auto gone_out = tokens.tokens();
  ASSERT_FALSE(gone_out.empty());
  for (const auto& [where, text] : written()) {
    // Metrics name hosts, not repositories.
    EXPECT_THAT(text, HasSubstr(where == "the metrics" ? "127.0.0.1" : space)) << where << " is about this test, too";
    for (const std::string& needle : needles(gone_out))
      EXPECT_EQ(text.find(needle), std::string::npos) << where << " holds " << needle;
  }
}

}  // namespace
}  // namespace headwind::end_to_end
