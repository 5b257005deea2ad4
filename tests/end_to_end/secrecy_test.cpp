// SPDX-License-Identifier: Apache-2.0
// Passwords and tokens are planted wherever the operator takes them from; then all that it has written is searched.
#include "core/hash.hpp"
#include "core/text.hpp"
#include "fixture.hpp"
#include "signed_front.hpp"
#include "token_server.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;
using testing::Not;

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
                                                         {"the API", headwind->api("GET", "/api/v1/updates").body},
                                                         {"/readyz", headwind->ready().body}};
    for (const char* path : {"/api/v1/plugins", "/api/v1/notifications", "/api/v1/loglevel", "/api/v1/rollouts"})
      all.emplace_back(std::string("our ") + path, headwind->api("GET", path).body);
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
    // Metrics name hosts, not repositories; some answers are about Headwind alone.
    if (where != "/readyz" && !where.starts_with("our "))
      EXPECT_THAT(text, HasSubstr(where == "the metrics" ? "127.0.0.1" : space)) << where << " is about this test, too";
    for (const std::string& needle : needles(gone_out))
      EXPECT_EQ(text.find(needle), std::string::npos) << where << " holds " << needle;
  }
}

// What people, senders and receivers show us, where it goes wrong: at the level that says the most.
TEST_F(Secrecy, nothing_that_goes_wrong_tells_the_secret_that_it_went_wrong_with) {
  const std::string hook = "planted-hook-Zq84", hook_by_proxy = "planted-hook-Zq85", mac = "planted-mac-Zq86",
                    bearer = "planted-bearer-Zq87", proxy = "planted-proxy-Zq88", otlp = "planted-otlp-Zq89",
                    signature = "planted-signature-Zq90", sender = "planted-sender-Zq91",
                    stranger = "planted-stranger-Zq92", path = "planted-path-Zq93";
  const SignedFront front(signature);
  const std::string alice = testbed::ControlPlane::token("alice");
  bind("alice", "headwind-approver", "approve");
  bind("alice", "headwind-admin", "get");
  registry().push(repository(), "1.0.0");

  OperatorSettings with = settings();
  with.auth = "token", with.token = alice;
  with.log = "trace", with.polling = true;
  with.registries = {{front.host()}};
  with.environment = {"https_proxy=http://someone:" + proxy + "@127.0.0.1:1",
                      "OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer " + otlp,
                      "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1",
                      "HOOK=http://127.0.0.1:1/services/" + hook,
                      "HOOK_BY_PROXY=https://hooks.invalid/services/T0/" + hook_by_proxy + "?key=" + hook_by_proxy,
                      "MAC=" + mac,
                      "SENDER=" + sender,
                      "PATH_SECRET=" + path};
  const auto variable = [](const char* name) { return Json{{"environment", name}}; };
  with.instances = {{{"name", "plain-hook"},
                     {"plugin", "headwind.notifier.webhook"},
                     {"secrets", {{"url", variable("HOOK")}, {"secret", variable("MAC")}}}},
                    {{"name", "hook-by-proxy"},
                     {"plugin", "headwind.notifier.slack"},
                     {"secrets", {{"url", variable("HOOK_BY_PROXY")}}}}};
  headwind = std::make_unique<OperatorProcess>(with);
  headwind->reconfigure([&](Json& config) {
    config["webhooks"] = {
        {"harbor", {{"style", "header"}, {"header", "Authorization"}, {"secret", variable("SENDER")}}},
        {"dockerhub", {{"style", "path"}, {"secret", variable("PATH_SECRET")}}}};
  });
  headwind->start();

  auto polled = automatic();
  polled.emplace_back("event-source", "polling");
  deploy({"Deployment", "away", {{"app", front.host() + "/" + repository() + ":1.0.0"}}, polled});
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
  registry().push(repository(), "1.1.0");
  ASSERT_TRUE(request_for("web-app-1-1-0", "Pending").is_object());
  const std::string one = "/api/v1/updates/" + space + "/web-app-1-1-0";

  const std::string webhooks = OperatorProcess::webhook_url().substr(0, OperatorProcess::webhook_url().rfind('/'));
  EXPECT_EQ(call("POST", webhooks + "/harbor", "{}", {{"Authorization", stranger}}).status, 401u);
  EXPECT_NE(call("POST", webhooks + "/harbor", "{\"type\":7}", {{"Authorization", sender}}).status, 401u);
  EXPECT_GE(call("POST", webhooks + "/dockerhub/" + stranger, "{}").status, 400u);
  EXPECT_GE(call("POST", webhooks + "/dockerhub/" + path, "{\"push_data\":7}").status, 400u);
  EXPECT_EQ(headwind->api_as(bearer, "POST", one + "/approve", Json::object()).status, 401u);
  EXPECT_EQ(headwind->api_as(bearer, "PUT", "/api/v1/loglevel", {{"filter", "off"}}).status, 401u);
  EXPECT_EQ(headwind->api("PUT", "/api/v1/loglevel", {{"filter", "api=trace,trace"}, {"duration", "1h"}}).status, 200u);
  EXPECT_EQ(headwind->api("POST", one + "/approve", {{"approver", "the boss"}}).status, 200u);
  EXPECT_TRUE(runs(image("1.1.0")));
  ASSERT_TRUE(eventually([&] { return !events_about(space, "away").empty(); })) << "the redirect was followed";
  EXPECT_THAT(events_about(space, "away")[0], HasSubstr("cannot connect to http://127.0.0.1:1"));
  const auto fails = [&](const Json& notifier) {
    return notifier.dump().find("Connection refused") != std::string::npos;
  };
  EXPECT_TRUE(eventually([&] {
    const Json all = headwind->api("GET", "/api/v1/notifications").json().value("notifiers", Json::array());
    return std::count_if(all.begin(), all.end(), fails) == 2;
  })) << headwind->api("GET", "/api/v1/notifications").body;

  const auto& everything = written();
  EXPECT_THAT(everything[0].second, HasSubstr(R"("action":"approve")")) << "the audit stream is among it";
  EXPECT_THAT(everything[0].second, HasSubstr(R"("user":"alice")"));
  for (const auto& [where, text] : everything) {
    for (const std::string& needle : {hook, hook_by_proxy, mac, bearer, proxy, otlp, signature, sender, stranger, path})
      EXPECT_EQ(text.find(needle), std::string::npos)
          << where << " holds " << needle << ": "
          << text.substr(text.find(needle) - std::min<std::size_t>(300, text.find(needle)), 400);
    for (const std::string_view part : split(alice, '.'))
      if (part.size() > 40) EXPECT_EQ(text.find(part), std::string::npos) << where << " holds the token of alice";
  }

  ASSERT_EQ(headwind->stop(), 0);
  const Ended verified = run_shell("'" + (OperatorProcess::build() / "host" / "headwind").string() +
                                   "' audit verify - < '" + (headwind->directory() / "log").string() + "'");
  EXPECT_EQ(verified.status, 0) << verified.text;
  EXPECT_THAT(verified.text, Not(HasSubstr("note:"))) << "its last entry says that it ended in order";
}

}  // namespace
}  // namespace headwind::end_to_end
