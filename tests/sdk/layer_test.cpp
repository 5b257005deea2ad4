// SPDX-License-Identifier: Apache-2.0
// The C++ layer: descriptions, values that cross, HTTP, secrets, metrics, settings, logs.
#include <headwind/sdk.hpp>

#include "throwing.hpp"

namespace headwind::sdk {
namespace {

TEST(Module, describes_its_plugins) {
  const hw_module* module = Throwing::module();
  EXPECT_EQ(module->struct_size, sizeof(hw_module));
  EXPECT_EQ(module->abi_minor, HW_ABI_MINOR);
  EXPECT_EQ(module->min_host_minor, 0u);
  ASSERT_EQ(module->plugin_count, 4u);
  const std::int32_t kinds[] = {HW_KIND_POLICY, HW_KIND_NOTIFIER, HW_KIND_REGISTRY, HW_KIND_WORKLOAD};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(module->plugins[i]->struct_size, sizeof(hw_plugin));
    EXPECT_EQ(module->plugins[i]->kind, kinds[i]);
    EXPECT_EQ(module->plugins[i]->flags, i == 2 ? std::uint32_t{HW_PLUGIN_SERIAL} : 0u);
  }
  EXPECT_EQ(hw::view(module->plugins[2]->id), "test.registry");
  EXPECT_STREQ(module->plugins[2]->needs[0], HW_SERVICE_HTTP);
  EXPECT_STREQ(module->plugins[2]->needs[1], HW_SERVICE_SECRETS);
  EXPECT_EQ(module->plugins[2]->needs[2], nullptr);
  EXPECT_EQ(module->plugins[0]->needs[0], nullptr);
}

TEST(Registry, pages_artifacts_and_pushes_cross_as_they_are) {
  Throwing plugin("test.registry");
  std::vector<std::string> seen;
  const hw_registry_sink sink{
      sizeof(hw_registry_sink),
      0,
      &seen,
      [](void* ctx, const hw_tags* page) -> hw_status {
        for (std::size_t i = 0; i < page->count; ++i) {
          static_cast<std::vector<std::string>*>(ctx)->push_back(
              std::string(hw::view(page->names[i])) + (page->created_ms ? std::to_string(page->created_ms[i]) : "-"));
        }
        return HW_OK;
      },
      [](void* ctx, const hw_artifact* artifact) -> hw_status {
        static_cast<std::vector<std::string>*>(ctx)->emplace_back(hw::view(artifact->digest));
        return HW_OK;
      },
      [](void* ctx, const hw_push* push) -> hw_status {
        static_cast<std::vector<std::string>*>(ctx)->push_back(std::string(hw::view(push->repository)) +
                                                               (push->flags == HW_PUSH_DELETED ? " deleted" : ""));
        return HW_OK;
      },
      [](void* ctx, hw_str platform) -> hw_status {
        static_cast<std::vector<std::string>*>(ctx)->emplace_back(hw::view(platform));
        return HW_OK;
      }};
  const auto* api = plugin.api<hw_registry_api>();
  void* self = plugin.instance.self();
  const hw_kv header{hw::str("x-repository"), hw::str("docker.io/library/nginx")};
  EXPECT_EQ(api->list_tags(self, plugin.host.call(), {}, &sink), HW_OK);
  EXPECT_EQ(api->resolve(self, plugin.host.call(), {}, hw::str("1"), {}, &sink), HW_OK);
  EXPECT_EQ(api->parse_webhook(self, plugin.host.call(), &header, 1, {}, &sink), HW_OK);
  EXPECT_EQ(api->platforms(self, plugin.host.call(), {}, hw::str("sha256:1"), &sink), HW_OK);
  EXPECT_EQ(seen, (std::vector<std::string>{"a1", "b2", "c-", "sha256:1", "docker.io/library/nginx deleted",
                                            "linux/amd64", "linux/arm64/v8"}));
}

TEST(Registry, the_credential_of_the_call_is_lent_where_there_is_one) {
  hw::testing::fake_host host;
  const auto* service = static_cast<const hw_pull*>(host.call()->host->service(host.call()->host, HW_SERVICE_PULL));
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->credential(host.call()), nullptr);
  host.credential =
      hw::credential{.identity = "1a", .username = "ci", .password = "p", .identity_token = {}, .registry_token = {}};
  const hw_credential* lent = service->credential(host.call());
  ASSERT_NE(lent, nullptr);
  EXPECT_EQ(hw::view(lent->username), "ci");
  EXPECT_EQ(hw::view(lent->identity), "1a");
  EXPECT_EQ(lent->registry_token.len, 0u);
}

TEST(Workload, targets_and_images_cross_as_they_are) {
  Throwing plugin("test.workload");
  std::string seen;
  const hw_target_sink targets{sizeof(hw_target_sink), 0, &seen, [](void* ctx, const hw_target* target) -> hw_status {
                                 *static_cast<std::string*>(ctx) +=
                                     std::string(hw::view(target->kind)) + target->versions[0] +
                                     (target->versions[1] || target->related[0] ? "?" : ".");
                                 return HW_OK;
                               }};
  const hw_image_sink images{sizeof(hw_image_sink), 0, &seen, [](void* ctx, const hw_image* image) -> hw_status {
                               *static_cast<std::string*>(ctx) += std::string(hw::view(image->reference)) +
                                                                  std::string(hw::view(image->pointer)) +
                                                                  std::to_string(image->flags);
                               return HW_OK;
                             }};
  const auto* api = plugin.api<hw_workload_api>();
  const hw_str related[] = {hw::str("x"), hw::str("y")};
  EXPECT_EQ(api->describe(plugin.instance.self(), plugin.host.call(), &targets), HW_OK);
  EXPECT_EQ(api->images(plugin.instance.self(), plugin.host.call(), hw::str("object"), related, 2, &images), HW_OK);
  EXPECT_EQ(seen, "Thingv1.object21");
}

TEST(Http, an_answer_has_its_status_headers_and_whole_body) {
  hw::testing::fake_host host;
  host.http = [](const hw::http_request& request) {
    return hw::http_response{.status = 404, .headers = {{"retry-after", "7"}}, .body = request.method + request.body};
  };
  const hw::call call(host.call());
  const hw::http http(call);
  const hw::http_response response = http.post_json(call, "https://example.com/x", "{}");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "POST{}");
  EXPECT_EQ(response.header("Retry-After"), "7");
  EXPECT_EQ(response.retry_after(), std::chrono::seconds(7));
  EXPECT_EQ(host.requests[0].headers[0].second, "application/json");
}

hw::code code_of(int status) {
  try {
    hw::http_response{.status = status, .headers = {{"Retry-After", "9"}}, .body = "secret"}.expect_success("the peer");
  } catch (const hw::error& error) {
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
    EXPECT_EQ(error.retry_after() == std::chrono::seconds(9), error.retryable()) << status;
    return error.code();
  }
  return hw::code{};
}

TEST(Http, a_status_that_a_person_must_mend_is_told_with_the_remedy) {
  const auto told = [](int status, auto... remedy) {
    try {
      hw::http_response{.status = status}.expect_success("the peer", remedy...);
    } catch (const hw::error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  for (const int status : {401, 403, 404, 410, 400})
    EXPECT_EQ(told(status), "the peer answered with HTTP status " + std::to_string(status) +
                                ": check the URL, the token and its permissions");
  EXPECT_EQ(told(403, "ask its owner"), "the peer answered with HTTP status 403: ask its owner");
  EXPECT_EQ(told(503), "the peer answered with HTTP status 503");
}

TEST(Http, a_status_becomes_the_error_that_suits_it) {
  EXPECT_EQ(code_of(200), hw::code{});
  EXPECT_EQ(code_of(204), hw::code{});
  EXPECT_EQ(code_of(400), hw::code::invalid);
  EXPECT_EQ(code_of(302), hw::code::invalid);
  EXPECT_EQ(code_of(401), hw::code::denied);
  EXPECT_EQ(code_of(403), hw::code::denied);
  EXPECT_EQ(code_of(404), hw::code::not_found);
  EXPECT_EQ(code_of(429), hw::code::throttled);
  EXPECT_EQ(code_of(503), hw::code::unavailable);
}

TEST(Http, no_answer_is_an_error_that_names_the_peer_but_no_secret_of_its_url) {
  hw::testing::fake_host host;
  host.http = [](const hw::http_request&) -> hw::http_response { throw hw::error(hw::code::unavailable, ""); };
  const hw::call call(host.call());
  try {
    hw::http(call).get(call, "https://user:pass@example.com/token?key=1");
    FAIL();
  } catch (const hw::error& error) {
    EXPECT_EQ(error.code(), hw::code::unavailable);
    EXPECT_STREQ(error.what(), "GET https://example.com got no answer: unavailable");
  }
}

TEST(Services, one_that_is_not_granted_is_a_sentence) {
  hw::testing::fake_host host;
  const hw::call call(host.call());
  EXPECT_THROW(hw::http{call}, hw::error);
  EXPECT_THROW(hw::secrets{call}, hw::error);
  const hw::metric metric(call, hw::metric::kind::counter, "sent_total", "Sent");
  metric.add();  // does nothing
  EXPECT_TRUE(host.metrics.empty());
}

TEST(Services, secrets_and_metrics_arrive) {
  hw::testing::fake_host host;
  host.secrets.emplace().emplace("token", "t0p");
  host.metrics_granted = true;
  const hw::call call(host.call());
  EXPECT_EQ(hw::secrets(call).read(call, "token"), "t0p");
  try {
    hw::secrets(call).read(call, "other");
    FAIL();
  } catch (const hw::error& error) {
    EXPECT_STREQ(error.what(), "secret other could not be read: not found");
  }
  const hw::metric counter(call, hw::metric::kind::counter, "sent_total", "Sent"),
      gauge(call, hw::metric::kind::gauge, "level", "Level");
  counter.add();
  counter.add(2);
  gauge.add(5);
  gauge.add(4);
  EXPECT_EQ(host.metrics, (std::map<std::string, double>{{"sent_total", 3}, {"level", 4}}));
}

TEST(Config, members_have_types_and_sentences) {
  const hw::config config(R"({"name": "x", "port": 8, "tls": {"insecure": true}})");
  EXPECT_EQ(config.get<std::string>("name"), "x");
  EXPECT_EQ(config.get<int>("port", 1), 8);
  EXPECT_EQ(config.get<int>("other", 1), 1);
  EXPECT_TRUE(config.get<bool>("/tls/insecure"));
  EXPECT_FALSE(config.has("/tls/none"));
  EXPECT_THROW(config.get<int>("name"), hw::error);
  EXPECT_THROW(config.get<int>("missing"), hw::error);
}

TEST(Host, logs_messages_with_fields_and_tells_the_time) {
  hw::testing::fake_host fake;
  const hw::call call(fake.call());
  call.host().warn("no answer", {{"peer", "example.com"}, {"attempt", 3}, {"last", false}});
  ASSERT_EQ(fake.logs.size(), 1u);
  EXPECT_EQ(fake.logs[0].at, hw::level::warn);
  EXPECT_EQ(fake.logs[0].fields, (hw::header_list{{"peer", "example.com"}, {"attempt", "3"}, {"last", "false"}}));
  EXPECT_EQ(call.remaining(), std::chrono::seconds(30));
  EXPECT_NO_THROW(call.check());
  fake.cancelled = true;
  EXPECT_THROW(call.check(), hw::error);
}

}  // namespace
}  // namespace headwind::sdk
