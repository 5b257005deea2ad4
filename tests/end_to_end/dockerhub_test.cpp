// SPDX-License-Identifier: Apache-2.0
// Docker Hub: the list with push times by the Hub API (the setting hub_api of the plugin says where), everything else
// by the registry (the endpoint of docker.io), and how both are left alone when they ask for it. Docker Hub is the fake
// of the plugin's own tests; its two halves are one server with two names.
#include <algorithm>
#include <functional>
#include <optional>

#include "core/clock.hpp"
#include "fake_front.hpp"
#include "fixture.hpp"
#include "plugins_dockerhub/fake_hub.hpp"

namespace headwind::end_to_end {
namespace {

using registries::FakeHub;
using registries::Request;
using registries::Response;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kToken = "dckr_pat_planted";

void replace(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

class DockerHub : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    hub.repositories[repository()] = {.is_private = true};
    hub.users["robot"] = {kToken};
    push("1.0.0", "2026-01-01T00:00:00.000000Z");
    put_pull_secret(space, "hub", "https://index.docker.io/v1/", "robot", kToken);  // as kubectl writes it
  }
  std::string api() const { return "localhost:" + std::to_string(front.port()); }
  void start_with(const Json& pushed_times, bool polling) {
    OperatorSettings with;
    with.polling = polling;
    with.environment = {"HEADWIND_REGISTRIES=" + Json{{"docker.io", {{"endpoint", front.url()}}}}.dump()};
    with.instances.push_back({{"name", "dockerhub"},
                              {"plugin", "headwind.registry.dockerhub"},
                              {"settings", {{"pushed_times", pushed_times}, {"hub_api", "http://" + api()}}}});
    start(with);
  }
  void push(const std::string& tag, const std::string& when) {
    const std::string digest = front.add_image(tag);
    front.change([&] { hub.repositories[repository()].tags.push_back({tag, digest, when}); });
  }
  Reply tell_push(const std::string& tag) const {
    return OperatorProcess::webhook(
        "dockerhub", {{"callback_url", "https://registry.hub.docker.com/u/" + repository() + "/hook/2141b5bi5i/"},
                      {"push_data", {{"pushed_at", 1767312000}, {"pusher", "robot"}, {"tag", tag}}},
                      {"repository",
                       {{"repo_name", repository()},
                        {"namespace", space},
                        {"name", "app"},
                        {"repo_url", "https://hub.docker.com/r/" + repository()},
                        {"is_private", true},
                        {"status", "Active"},
                        {"owner", space}}}});
  }
  std::string image_there(const std::string& tag) const { return repository() + ":" + tag; }  // as people write it
  void deploy_there(const std::string& name, const std::string& tag,
                    std::vector<std::pair<std::string, std::string>> policy, const std::string& source) const {
    policy.insert(policy.end(),
                  {{"require-approval", "false"}, {"min-update-interval", "0"}, {"event-source", source}});
    deploy({"Deployment", name, {{"app", image_there(tag)}}, std::move(policy), {"hub"}});
  }
  std::string list_path() const { return "/v2/namespaces/" + space + "/repositories/app/tags?"; }

  // The fake's words, at our address and time.
  Response answer(Request request) {
    hub.now_ms = system_clock().unix_ms();
    if (const auto ask = instead)  // a copy: it may take itself away
      if (auto other = ask(request)) return *other;
    for (const auto& tag : hub.repositories[repository()].tags)  // it knows manifests by their tags only
      if (!tag.digest.empty()) replace(request.url, "/manifests/" + tag.digest, "/manifests/" + tag.name);
    Response response = hub.answer(request);
    for (auto& [name, value] : response.headers) replace(value, "https://auth.docker.io", front.url());
    replace(response.body, "https://hub.docker.com", "http://" + api());
    return response;
  }
  // What begins with that is answered 429 once, with that header.
  void refuse_once(const std::string& beginning, std::function<std::pair<std::string, std::string>()> header) {
    front.change([&] {
      instead = [this, beginning, header = std::move(header)](const Request& request) -> std::optional<Response> {
        if (!(request.method + " " + request.url).starts_with(beginning)) return std::nullopt;
        instead = nullptr;
        return Response{429, {{"Content-Type", "application/json"}, header()}, R"({"detail":"Rate limit exceeded"})"};
      };
    });
  }
  // Tells another push after the 429 and waits for it: nobody, neither it nor the list, asks before `ms` have passed.
  // What the operator sent before it had read the 429 may still come in.
  void expect_rest(const std::string& tag, std::int64_t ms) const {
    ASSERT_TRUE(eventually([&] { return front.count("", 429) == 1; })) << headwind->log();
    EXPECT_EQ(tell_push(tag).status, 200U);
    EXPECT_TRUE(runs(image_there(tag)));
    const auto all = front.asked();
    const auto refused = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.status == 429; });
    for (auto one = refused + 1; one != all.end(); ++one) {
      const auto after = one->mono_ms - refused->mono_ms;
      const bool on_its_way = after < 1000 && !one->what.starts_with("GET /v2/" + repository() + "/manifests/");
      EXPECT_TRUE(on_its_way || after >= ms) << one->what << " after " << after << " ms";
    }
  }

  FakeHub hub;
  std::function<std::optional<Response>(const Request&)> instead;
  FakeFront front{[this](const Request& request) { return answer(request); }};
};

TEST_F(DockerHub, polling_finds_tags_and_when_they_were_pushed_by_the_hub_api) {
  push("c0ffee1", "2026-01-02T00:00:00.000000Z");
  for (int i = 0; i < 100; ++i) push("nightly-" + std::to_string(i), "2025-12-31T00:00:00.000000Z");
  start_with(true, true);
  deploy_there("versions", "1.0.0", {{"policy", "minor"}}, "polling");
  deploy_there("commits", "c0ffee1", {{"policy", "glob"}, {"pattern", "*"}}, "polling");
  push("2.0.0", "2026-01-03T00:00:00.000000Z");
  push("1.1.0", "2026-01-04T00:00:00.000000Z");
  push("badc0de", "2026-01-05T00:00:00.000000Z");
  EXPECT_TRUE(runs(image_there("1.1.0"), "versions"));
  EXPECT_TRUE(runs(image_there("badc0de"), "commits")) << "only the time of its push makes it the newer one";
  EXPECT_EQ(front.count("POST /v2/auth/token", 200), 1U) << "one login serves all lists";
  EXPECT_GE(front.count("GET " + list_path() + "page=2", 200), 1U);
  EXPECT_EQ(front.count("GET /v2/" + repository() + "/tags/list"), 0U) << "the API is enough";
  EXPECT_GE(front.count("GET /v2/" + repository() + "/manifests/sha256:", 200), 2U) << "the platforms of both";
  for (const auto& one : front.asked())
    EXPECT_EQ(one.host == api(), one.what.find("/namespaces/") != std::string::npos || one.what.starts_with("POST "))
        << one.what << " of " << one.host;
  EXPECT_EQ(headwind->metric("headwind_polling_errors_total"), 0);
  EXPECT_EQ(headwind->metric("headwind_registry_rate_limit_remaining{host=\"docker.io\"}"), 99) << "pulls";
  EXPECT_THAT(headwind->log(), Not(HasSubstr(kToken)));
}

TEST_F(DockerHub, its_webhook_makes_the_update_without_the_hub_api) {
  start_with(false, false);
  deploy_there("web", "1.0.0", {{"policy", "minor"}}, "webhook");
  push("1.1.0", "2026-01-02T00:00:00.000000Z");
  EXPECT_EQ(tell_push("1.1.0").status, 200U);
  EXPECT_TRUE(runs(image_there("1.1.0")));
  EXPECT_GE(front.count("HEAD /v2/" + repository() + "/manifests/1.1.0", 200), 1U) << "a hint is not believed";
  for (const auto& one : front.asked()) EXPECT_NE(one.host, api()) << one.what;
}

TEST_F(DockerHub, after_a_429_of_the_hub_api_nobody_asks_before_the_moment_that_it_named) {
  refuse_once("GET " + list_path(), [] {
    return std::pair<std::string, std::string>{"X-Retry-After", std::to_string(system_clock().unix_ms() / 1000 + 7)};
  });
  start_with(true, true);
  deploy_there("web", "1.0.0", {{"policy", "minor"}}, "both");
  push("1.1.0", "2026-01-02T00:00:00.000000Z");
  expect_rest("1.1.0", 5990);
  EXPECT_THAT(events_about(space, "web", "TagsNotRead"), IsEmpty()) << "that is how registries pace their callers";
}

TEST_F(DockerHub, after_a_429_of_the_registry_nobody_asks_before_the_time_that_it_named_has_passed) {
  refuse_once("HEAD /v2/" + repository() + "/manifests/1.1.0",
              [] { return std::pair<std::string, std::string>{"Retry-After", "6"}; });
  start_with(true, true);
  deploy_there("web", "1.0.0", {{"policy", "minor"}}, "both");
  ASSERT_TRUE(eventually([&] { return front.count("GET " + list_path(), 200) > 0; }));
  EXPECT_EQ(tell_push("1.1.0").status, 200U);
  EXPECT_TRUE(eventually([&] { return front.count("HEAD /v2/" + repository() + "/manifests/1.1.0", 429) == 1; }));
  push("1.1.0", "2026-01-02T00:00:00.000000Z");
  expect_rest("1.1.0", 5990);
}

}  // namespace
}  // namespace headwind::end_to_end
