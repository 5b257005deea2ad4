// SPDX-License-Identifier: Apache-2.0
#include "api/intake_world.hpp"
#include "api/stray_calls.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

TEST_F(IntakeTest, T01_a_push_becomes_a_hint_and_200_webhook_processed) {
  const auto response = call(post("/webhook/dockerhub", R"({"a":1})", {{"Traceparent", kTrace}}));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "Webhook processed");
  EXPECT_EQ(header(response, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(parser.calls, std::vector<std::string>{R"(dockerhub {"a":1} 3)"});
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].key(), "docker.io/library/nginx:1.26.0");
  EXPECT_EQ(taken[0].digest, kDigest);
  EXPECT_EQ(taken[0].trace, kTrace);
  EXPECT_EQ(taken[0].origin, update::Origin::webhook);
  EXPECT_EQ(taken[0].arrived_ms, clock.now);
}

TEST_F(IntakeTest, T02_the_oci_content_type_is_accepted) {
  for (const char* type : {"application/vnd.docker.distribution.events.v1+json", "application/json; charset=utf-8",
                           "APPLICATION/JSON", "application/cloudevents+json"}) {
    EXPECT_EQ(call(request("POST", "/webhook/registry", "{}", {{"content-type", type}})).status, 200U) << type;
  }
}

TEST_F(IntakeTest, T03_bodies_and_status_codes) {
  EXPECT_EQ(call(request("POST", "/webhook/registry", "{}")).status, 415U);
  for (const char* type :
       {"text/plain", "text/json", "application/x-www-form-urlencoded", "application/+json", "json"}) {
    EXPECT_EQ(call(request("POST", "/webhook/registry", "{}", {{"Content-Type", type}})).status, 415U) << type;
  }
  for (const char* body : {"{", "", "{} x", "{'a':1}", "\"\xff\"", "nul", "[1,]"}) {
    const auto response = call(post("/webhook/registry", body));
    EXPECT_EQ(response.status, 400U) << body;
    EXPECT_EQ(header(response, "Content-Type"), "text/plain; charset=utf-8");
  }
  EXPECT_TRUE(parser.calls.empty());
  const auto wrong_method = call(request("GET", "/webhook/registry"));
  EXPECT_EQ(wrong_method.status, 405U);
  EXPECT_EQ(header(wrong_method, "Allow"), "POST");
  const auto unknown = call(post("/webhook/quay", "{}"));
  EXPECT_EQ(unknown.status, 404U);
  EXPECT_EQ(header(unknown, "Content-Type"), "application/problem+json");
  EXPECT_EQ(sentence(unknown),
            "There is no such path; those that there are: POST /webhook/registry, POST /webhook/dockerhub, GET "
            "/health.");
  EXPECT_EQ(call(post("/webhook/dockerhub/secret", "{}")).status, 404U);  // no secret is configured

  parser.answer = make_error(Code::invalid, "events is missing.");
  const auto shape = call(post("/webhook/registry", "{}"));
  EXPECT_EQ(shape.status, 422U);
  EXPECT_EQ(shape.body, "events is missing.");
  EXPECT_TRUE(taken.empty());
}

TEST_F(IntakeTest, what_reaches_no_endpoint_is_counted) {
  const net::Handler handler = make_handler();
  run(handler(post("/webhook/dockerhb", "{}")));
  run(handler(post("/nobody/knows", "{}")));
  run(handler(request("GET", "/webhook/registry")));
  EXPECT_EQ(count("unknown", "404"), 2);
  EXPECT_EQ(count("unknown", "405"), 1);
  EXPECT_EQ(count("registry", "200"), 0);
}

TEST(StrayCalls, of_a_path_what_may_be_logged) {
  const std::vector<std::string> words{"webhook", "dockerhub"};
  EXPECT_EQ(path_to_log("/webhook/dockerhb", words, false), "/webhook/dockerhb");
  EXPECT_EQ(path_to_log("/webhook/dockerhb/s3cr3t-s3cr3t", words, false), "/webhook/dockerhb/…");
  EXPECT_EQ(path_to_log("/hook/other", words, false), "/hook/other");
  EXPECT_EQ(path_to_log("/webhok/dockerhb/s3cr3t-s3cr3t", words, true), "/webhok/dockerhb/…");
  EXPECT_EQ(path_to_log("/dockerhub/s3cr3t-s3cr3t", words, true), "/dockerhub/…");
  EXPECT_EQ(path_to_log("/webhook/s3cr3t-s3cr3t/", words, true), "/webhook/…/…");
  EXPECT_EQ(path_to_log("/", words, true), "/");
  EXPECT_EQ(path_to_log("/a\nb/" + std::string(500, 'x'), words, false).find('\n'), std::string::npos);
  EXPECT_LT(path_to_log("/" + std::string(500, 'x'), words, false).size(), 80U);
}

TEST_F(IntakeTest, deeply_nested_json_is_checked_without_recursion) {
  const std::string deep = std::string(500'000, '[') + std::string(500'000, ']');
  EXPECT_EQ(call(post("/webhook/registry", deep)).status, 200U);
  EXPECT_EQ(call(post("/webhook/registry", deep + "]")).status, 400U);
}

TEST_F(IntakeTest, T05_pushes_that_ask_for_nothing_are_200_and_counted) {
  parser.answer = std::vector<Push>{{"docker.io/library/nginx", "1.26.0", kDigest, "", "", true},
                                    {"docker.io/library/nginx", "", kDigest, "application/octet-stream", "", false},
                                    {"docker.io/UPPER", "1", kDigest, "", "", false},
                                    {"docker.io/library/nginx", "no tag", kDigest, "", "", false},
                                    {"docker.io/library/nginx:1", "2", kDigest, "", "", false}};
  EXPECT_EQ(call(post("/webhook/registry", "{}")).status, 200U);
  EXPECT_TRUE(taken.empty());
  EXPECT_EQ(ignored("deleted"), 1);
  EXPECT_EQ(ignored("untagged"), 1);
  EXPECT_EQ(ignored("invalid"), 3);
}

TEST_F(IntakeTest, T31_a_push_of_a_chart_is_a_hint_like_any_other) {
  parser.answer = std::vector<Push>{
      {"oci.test/charts/app", "1.2.4", kDigest, "application/vnd.cncf.helm.config.v1+json", "", false}};
  EXPECT_EQ(call(post("/webhook/registry", "{}")).status, 200U);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken.front().repository, "oci.test/charts/app");
}

TEST_F(IntakeTest, T10_repositories_are_canonical_and_aliases_map_hosts) {
  options.registry_aliases = {{"registry.svc:5000", "registry.example.com"}, {"docker.io", "mirror.test"}};
  parser.answer = std::vector<Push>{{"registry.svc:5000/org/app", "1", "", "", "", false},
                                    {"index.docker.io/nginx", "2", "sha256:abc", "", "", false},
                                    {"ghcr.io/org/app", "3", "", "", "", false}};
  EXPECT_EQ(call(post("/webhook/registry", "{}")).status, 200U);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].key(), "registry.example.com/org/app:1");
  EXPECT_EQ(taken[1].key(), "mirror.test/library/nginx:2");
  EXPECT_EQ(taken[1].digest, "");  // "sha256:abc" is none
  EXPECT_EQ(taken[2].key(), "ghcr.io/org/app:3");
}

TEST_F(IntakeTest, an_invalid_traceparent_is_dropped) {
  call(post("/webhook/registry", "{}", {{"traceparent", "00-zz"}}));
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].trace, "");
}

TEST_F(IntakeTest, every_sender_has_a_path_and_the_bare_one_is_for_all) {
  options.endpoints = {"registry", "dockerhub", "quay", "any"};
  EXPECT_EQ(call(post("/webhook/quay", "{}")).status, 200U);
  EXPECT_EQ(call(post("/webhook", "{}")).status, 200U);
  EXPECT_EQ(call(post("/webhook/nobody", "{}")).status, 404U);
}

TEST_F(IntakeTest, a_path_without_a_secret_is_no_way_around_those_that_have_one) {
  options.endpoints = {"registry", "dockerhub", "quay", "ghcr", "any"};
  options.secrets["ghcr"] = {WebhookSecret::Style::hmac, "X-Hub-Signature-256", "It's a Secret to Everybody"};
  EXPECT_EQ(call(post("/webhook/quay", "{}")).status, 401U);
  EXPECT_EQ(call(post("/webhook", "{}")).status, 401U);
  EXPECT_EQ(call(post("/webhook/ghcr", "{}")).status, 401U);
  EXPECT_EQ(call(post("/webhook/registry", "{}")).status, 200U) << "as in 0.1.x: each of the old two by itself";
}

TEST_F(IntakeTest, what_the_plugin_says_decides_the_status) {
  parser.answer = make_error(Code::denied, "the signature is wrong.");
  EXPECT_EQ(call(post("/webhook/registry", "{}")).status, 401U);
  parser.answer = make_error(Code::internal, "a bug in the plugin.");
  const auto response = call(post("/webhook/registry", "{}"));
  EXPECT_EQ(response.status, 500U);
  EXPECT_EQ(response.body, "Failed to process event");
  parser.answer = make_error(Code::unavailable, "quarantined.");
  EXPECT_EQ(call(post("/webhook/registry", "{}")).status, 503U);
}

TEST_F(IntakeTest, a_full_or_unwritable_inbox_is_503_with_retry_after) {
  Error full = make_error(Code::throttled, "The inbox is full.");
  full.retry_after = std::chrono::milliseconds(2'100);
  taker = full;
  auto response = call(post("/webhook/registry", "{}"));
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(header(response, "Retry-After"), "3");
  EXPECT_EQ(response.body, "The inbox is full.");
  taker = make_error(Code::unavailable, "The inbox cannot be written.");
  response = call(post("/webhook/registry", "{}"));
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(header(response, "Retry-After"), "5");
  taker = make_error(Code::internal, "a bug");
  EXPECT_EQ(call(post("/webhook/registry", "{}")).status, 500U);
}

TEST_F(IntakeTest, calls_are_counted_by_endpoint_and_code_and_events_once_understood) {
  call(post("/webhook/registry", "{}"));
  call(post("/webhook/dockerhub", "{}"));
  call(post("/webhook/dockerhub", "{"));
  call(request("POST", "/webhook/registry", "{}"));
  EXPECT_EQ(count("registry", "200"), 1);
  EXPECT_EQ(count("dockerhub", "200"), 1);
  EXPECT_EQ(count("dockerhub", "400"), 1);
  EXPECT_EQ(count("registry", "415"), 1);
  EXPECT_EQ(telemetry::CompatMetrics(metrics).webhook_events_total.value(), 2);
}

TEST_F(IntakeTest, the_plugin_is_told_endpoint_and_places_by_nobody_but_us) {
  options.endpoints = {"nexus"};
  options.places = {"nexus * nexus.example.com:8082", "jfrog docker-local docker.example.com"};
  call(post("/webhook/nexus", "{}", {{"Headwind-Endpoint", "any"}, {"headwind-place", "nexus * evil.example.com"}}));
  std::vector<std::string> told;
  for (const net::Header& header : parser.headers)
    if (to_lower(header.name).starts_with("headwind-")) told.push_back(header.name + ": " + header.value);
  EXPECT_EQ(told,
            (std::vector<std::string>{"headwind-endpoint: nexus", "headwind-place: nexus * nexus.example.com:8082",
                                      "headwind-place: jfrog docker-local docker.example.com"}));
}

TEST_F(IntakeTest, event_grid_and_cloud_events_are_told_that_we_listen) {
  options.endpoints = {"acr", "registry", "any", "cloudevents"};
  options.secrets["acr"] = {WebhookSecret::Style::path, "", "s"};
  options.secrets["any"] = options.secrets["acr"];
  const std::string body =
      R"([{"id":"2d1781af","topic":"/subscriptions/s","subject":"","data":{"validationCode":"512d38b6\"","validationUrl":"https://x"},
      "eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","eventTime":"2026-01-25T22:12:19.4556811Z","metadataVersion":"1","dataVersion":"1"}])";
  const net::Headers head{{"aeg-event-type", "SubscriptionValidation"}};
  const auto validated = call(post("/webhook/acr/s", body, head));
  EXPECT_EQ(validated.status, 200U);
  EXPECT_EQ(validated.body, R"({"validationResponse":"512d38b6\""})");
  EXPECT_EQ(header(validated, "Content-Type"), "application/json");
  EXPECT_EQ(call(post("/webhook/acr/x", body, head)).status, 401U);
  for (const char* odd : {"{}", "[]", "[{}]", R"([{"data":{"validationCode":7}}])"})
    EXPECT_EQ(call(post("/webhook/acr/s", odd, head)).status, 422U) << odd;
  EXPECT_TRUE(parser.calls.empty());
  call(post("/webhook/registry", "{}", head));
  EXPECT_EQ(parser.calls.size(), 1U) << "no other sender shakes hands so";

  const net::Headers origin{{"WebHook-Request-Origin", "eventgrid.azure.net"}};
  const auto consent = call(request("OPTIONS", "/webhook/acr/s", "", origin));
  EXPECT_EQ(consent.status, 200U);
  EXPECT_EQ(header(consent, "WebHook-Allowed-Origin"), "eventgrid.azure.net");
  EXPECT_EQ(header(consent, "WebHook-Allowed-Rate"), "*");
  EXPECT_EQ(call(request("OPTIONS", "/webhook/acr/x", "", origin)).status, 401U);
  EXPECT_EQ(call(request("OPTIONS", "/webhook/acr/s")).status, 400U);
  EXPECT_EQ(call(request("OPTIONS", "/webhook/registry", "", origin)).status, 405U);
}

TEST_F(IntakeTest, health_is_ok) {
  options.secrets["registry"] = {WebhookSecret::Style::header, "X", "s"};
  const auto response = call(request("GET", "/health"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "OK");
}

}  // namespace
}  // namespace headwind::api
