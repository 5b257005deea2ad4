// SPDX-License-Identifier: Apache-2.0
// The one way to every registry, over the real plugin: whose credentials go where, and when nothing is asked at all.
#include "app/registries.hpp"

#include <gmock/gmock.h>
#include <malloc.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "api_objects.hpp"
#include "telemetry/span.hpp"

namespace headwind::app {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* digest_of_it = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

class RegistriesTest : public test::ApiObjects {
 protected:
  void SetUp() override {
    ApiObjects::SetUp();
    registry = serve([this](net::ServerRequest request) { return serve_registry(std::move(request)); });
    plugin::HostOptions options;
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
    options.on_answer = [this](const plugin::RegistryRequest& asked, const Result<net::Response>& answer) {
      registries->answered(asked, answer);
    };
    host = std::make_unique<plugin::Host>(executor(), http, metrics, options);
    host->load();
    const std::string settings = R"({"hosts":{"r.io":{"endpoint":")" + net::test::at(registry->port(), "") + "\"}}}";
    const auto made = run(host->create({"oci", "headwind.registry.oci", settings, {}, {}}));
    ASSERT_TRUE(made) << made.error().message;
    secrets = std::make_unique<PullSecrets>(client, clock);
    registries = std::make_unique<PluginRegistries>(
        host->registries(), [](std::string_view name) { return config::registry_plugin_for({}, name); }, *secrets,
        metrics, clock);
  }
  void TearDown() override {
    run(host->shut_down(std::chrono::milliseconds(100)));
    run(registry->drain(std::chrono::milliseconds(100)));
    ApiObjects::TearDown();
  }

  Result<std::string> digest(const std::string& access, const std::string& repository = "r.io/team/app") {
    return run(registries->digest(repository, "1.0", Symbol(access)));
  }
  static std::string basic(const std::string& user, const std::string& password) {
    return "Basic " + base64_encode(user + ":" + password);
  }

  std::string opens_with;          // the Authorization that the registry takes; empty: any
  unsigned status = 200;           // of its answers
  net::Headers more;               // headers of its answers
  std::vector<std::string> shown;  // every Authorization it saw
  std::set<std::string> traces;    // every traceparent that it was told, also none
  std::size_t asked = 0;
  const Clock& clock = system_clock();
  std::unique_ptr<net::Server> registry;
  std::unique_ptr<plugin::Host> host;
  std::unique_ptr<PullSecrets> secrets;
  std::unique_ptr<PluginRegistries> registries;

  // Bytes that the allocator has handed out; 0 where it does not tell, as those of the sanitizers.
  static std::size_t allocated() {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
  }
  std::size_t most_allocated = 0;  // while pages were asked for

 private:
  // A hundred pages of a thousand tags each.
  net::ServerResponse page_of_tags(const std::string& query) {
    most_allocated = std::max(most_allocated, allocated());
    const auto last = query.find("last=1.");
    const int first = last == std::string::npos ? 0 : std::atoi(query.c_str() + last + 7) + 1;
    net::ServerResponse page;
    page.headers = {{"Content-Type", "application/json"}};
    for (int i = first; i < first + 1000; ++i)
      page.body += (i == first ? R"({"name":"big","tags":["1.)" : R"(","1.)") + std::to_string(i);
    page.body += "\"]}";
    if (first + 1000 < 100'000)
      page.headers.push_back(
          {"Link", "</v2/team/app/tags/list?n=1000&last=1." + std::to_string(first + 999) + ">; rel=\"next\""});
    return page;
  }
  Task<net::ServerResponse> serve_registry(net::ServerRequest request) {
    ++asked;
    const std::string authorization(net::find_header(request.headers, "authorization"));
    if (!authorization.empty()) shown.push_back(authorization);
    traces.emplace(net::find_header(request.headers, "traceparent"));
    net::ServerResponse response;
    response.headers = more;
    response.status = status;
    if (request.path.ends_with("/tags/list")) co_return page_of_tags(request.query);
    if (status == 200 && !opens_with.empty() && authorization != opens_with) {
      response.status = 401;
      response.headers.push_back({"WWW-Authenticate", "Basic realm=\"test\""});
    } else if (status == 200) {
      response.headers.push_back({"Docker-Content-Digest", digest_of_it});
      response.headers.push_back({"Content-Type", "application/vnd.oci.image.manifest.v1+json"});
    }
    co_return response;
  }
};

TEST_F(RegistriesTest, ThePullSecretOfTheWorkloadOpensItsRepository) {
  put_secret("shop", "s", login("r.io", "ci", "right"));
  opens_with = basic("ci", "right");
  const auto found = digest("shop/default/s");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, digest_of_it);
}

TEST_F(RegistriesTest, RequestsAreCountedByHostCodeAndReasonAndWhatIsLeftOfALimitIsShown) {
  const auto count = [&](const char* code, const char* reason) {
    return metrics
        .counter("headwind_registry_requests_total", "", {{"host", "r.io"}, {"code", code}, {"reason", reason}})
        .value();
  };
  put_secret("shop", "s", login("r.io", "ci", "right"));
  more = {{"RateLimit-Limit", "100;w=21600"}, {"RateLimit-Remaining", "97;w=21600"}};
  ASSERT_TRUE(digest("shop/default/s"));
  EXPECT_EQ(count("200", "resolve"), static_cast<double>(asked));
  EXPECT_EQ(metrics.gauge("headwind_registry_rate_limit_remaining", "", {{"host", "r.io"}}).value(), 97);
  status = 404;
  ASSERT_FALSE(digest("shop/default/s"));
  EXPECT_GE(count("404", "resolve"), 1);
}

TEST_F(RegistriesTest, TheRegistryIsToldOfWhichTraceItsRequestsAreAPart) {
  put_secret("shop", "s", login("r.io", "ci", "right"));
  opens_with = basic("ci", "right");  // the first is refused, and sent again
  const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  bool done = false;
  const auto work = [&]() -> Task<> {
    const telemetry::Span span("look up", {.parent = parent});
    const auto found = co_await registries->digest("r.io/team/app", "1.0", Symbol("shop/default/s"));
    EXPECT_TRUE(found) << found.error().message;
    done = true;
  };
  spawn(executor(), "test", work());
  const auto until = std::chrono::steady_clock::now() + net::test::patience;
  io.restart();
  while (!done && std::chrono::steady_clock::now() < until) io.run_one_until(until);
  ASSERT_TRUE(done);
  EXPECT_GE(asked, 2U);
  EXPECT_EQ(traces, std::set<std::string>{parent}) << "through the plugin, whose call runs on a thread of its own";
}

TEST_F(RegistriesTest, T81_ACredentialOfOneNamespaceNeverServesAnother) {
  put_secret("a", "s", login("r.io", "a", "right"));
  put_account("b", "default");
  put_secret("c", "s", login("r.io", "c", "wrong"));
  opens_with = basic("a", "right");
  ASSERT_TRUE(digest("a/default/s"));
  const std::size_t seen = shown.size();
  const auto none = digest("b/default/");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::denied);
  EXPECT_EQ(shown.size(), seen) << "nobody's name shows nothing";
  EXPECT_THAT(none.error().message, HasSubstr("no pull secret of the workload fits r.io"));
  const auto wrong = digest("c/default/s");
  ASSERT_FALSE(wrong);
  for (std::size_t i = seen; i < shown.size(); ++i) EXPECT_EQ(shown[i], basic("c", "wrong"));
}

TEST_F(RegistriesTest, AWrongSecretIsNamedWithItsHostAndAnswerButNotItsPassword) {
  put_secret("shop", "s", login("r.io", "ci", "hunter2"));
  opens_with = basic("ci", "other");
  const auto found = digest("shop/default/s,missing");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::denied);
  for (const char* part : {"r.io", "401", "Secret shop/s", "Secret shop/missing does not exist"})
    EXPECT_THAT(found.error().message, HasSubstr(part));
  EXPECT_THAT(found.error().message, Not(HasSubstr("hunter2")));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("hunter2")));
}

TEST_F(RegistriesTest, ARotatedSecretWorksAtTheNextRequest) {
  put_secret("shop", "s", login("r.io", "ci", "old"));
  opens_with = basic("ci", "old");
  ASSERT_TRUE(digest("shop/default/s"));
  put_secret("shop", "s", login("r.io", "ci", "new"));
  opens_with = basic("ci", "new");
  const auto found = digest("shop/default/s");
  EXPECT_TRUE(found) << found.error().message;
}

TEST_F(RegistriesTest, EveryCredentialThatFitsIsTriedInTheKubeletsOrder) {
  put_secret("shop", "one", login("r.io", "wide", "p"));
  put_secret("shop", "two", login("r.io/team", "special", "p"));
  opens_with = basic("wide", "p");
  const auto found = digest("shop/default/one,two");
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_GE(shown.size(), 2u);
  EXPECT_EQ(shown.front(), basic("special", "p"));
  EXPECT_EQ(shown.back(), basic("wide", "p"));
}

TEST_F(RegistriesTest, T88_AHostThatAsksToSlowDownIsNotAskedAgainUntilThen) {
  put_account("shop", "default");
  status = 429;
  more = {{"Retry-After", "40"}};
  const auto first = digest("shop/default/");
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, Code::throttled);
  const std::size_t before = asked;
  status = 200;
  const auto second = digest("shop/default/");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::throttled);
  EXPECT_GT(second.error().retry_after.count(), 30'000);
  EXPECT_LE(second.error().retry_after.count(), 40'000);
  EXPECT_EQ(asked, before);
}

TEST_F(RegistriesTest, WhatARegistrySaysOfItsLimitIsShownAndPacesLists) {
  put_account("shop", "default");
  more = {{"RateLimit-Limit", "100;w=21600"}, {"RateLimit-Remaining", "3;w=21600"}};
  ASSERT_TRUE(digest("shop/default/"));
  EXPECT_EQ(registries->budget().remaining("r.io")->remaining, 3);
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_registry_rate_limit_remaining{host=\"r.io\"} 3"));
  const auto list = run(registries->tags("r.io/team/app", Symbol("shop/default/")));
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Code::throttled);
  EXPECT_TRUE(digest("shop/default/")) << "somebody waits for that";
}

TEST_F(RegistriesTest, AHundredThousandTagsAreReadInBoundedMemory) {
  put_account("shop", "default");
  const std::size_t before = allocated();
  const auto list = run(registries->tags("r.io/team/app", Symbol("shop/default/")));
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->size(), 100'000U);
  EXPECT_EQ(asked, 100U);
  // A name and its place in the list, and what tells that no page comes twice; of the pages one.
  if (before != 0) EXPECT_LT(most_allocated, before + 100'000U * 100U) << most_allocated - before;
}

class WebhooksOfInstances : public RegistriesTest {
 protected:
  void SetUp() override {
    RegistriesTest::SetUp();
    const char* root = std::getenv("HEADWIND_BUILD");
    const auto modules = std::filesystem::path(root == nullptr ? "." : root) / "tests/plugin/good";
    ASSERT_GT(run(host->load_new({modules})), 0U);
    make("depot", "test.registry.good", "{}");
    make("harbor", "headwind.registry.harbor", R"({"aliases":{"inside.test":"harbor.test"}})");
    registries->use(host->registries());
  }
  void make(const std::string& name, const std::string& plugin, const std::string& settings) {
    const auto made = run(host->create({name, plugin, settings, {}, {}}));
    ASSERT_TRUE(made) << made.error().message;
  }
  // "repository:tag" of the first push; or the error's code.
  std::string parse(const std::string& endpoint, const std::string& body) {
    const auto pushes = run(registries->parse(endpoint, {{"X-Event", "push"}, {"headwind-endpoint", endpoint}}, body));
    if (!pushes) return std::string(to_string(pushes.error().code));
    return pushes->empty() ? "none" : pushes->front().repository + ":" + pushes->front().tag;
  }
  static constexpr const char* of_harbor =
      R"({"type":"PUSH_ARTIFACT","event_data":{"repository":{"repo_full_name":"team/app","name":"app","namespace":"team"},)"
      R"("resources":[{"tag":"1.1","resource_url":"inside.test/team/app:1.1"}]}})";
};

TEST_F(WebhooksOfInstances, AreReadByTheInstanceOfThatName) {
  EXPECT_EQ(parse("depot", "depot.test/team/app 1.1"), "depot.test/team/app:1.1");
  EXPECT_EQ(parse("depot", "{}"), "invalid");
  EXPECT_EQ(parse("gone", "depot.test/team/app 1.1"), "unavailable");
}

TEST_F(WebhooksOfInstances, OfASenderThatNobodyElseKnowsAreReadAtWebhookAlone) {
  EXPECT_EQ(parse("any", "depot.test/team/app 1.1"), "depot.test/team/app:1.1");
  EXPECT_EQ(parse("any", R"({"image":"r.io/team/app:1.1"})"), "r.io/team/app:1.1") << "the known ones come first";
  EXPECT_EQ(parse("any", "nonsense"), "invalid");
  EXPECT_EQ(parse("registry", "depot.test/team/app 1.1"), "invalid") << "a sender's own path is no way around";
}

TEST_F(WebhooksOfInstances, OfHarborAreReadWithTheSettingsOfItsInstance) {
  EXPECT_EQ(parse("harbor", of_harbor), "harbor.test/team/app:1.1");
  EXPECT_EQ(parse("harbor", R"({"image":"r.io/team/app:1.1"})"), "invalid") << "of Harbor alone";
  ASSERT_TRUE(host->remove("harbor"));
  registries->use(host->registries());
  EXPECT_EQ(parse("harbor", of_harbor), "inside.test/team/app:1.1");
}

TEST_F(RegistriesTest, AnImageOfAPluginThatIsNotThereIsRefusedWithItsReason) {
  const auto found = digest("", "docker.io/library/nginx");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::unsupported);
  EXPECT_THAT(found.error().message, HasSubstr("dockerhub (it is Docker Hub), which is not loaded"));
}

}  // namespace
}  // namespace headwind::app
