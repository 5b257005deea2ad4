// SPDX-License-Identifier: Apache-2.0
// The fakes of the SDK, in C and in C++: what a plugin sees of them, and which mistakes they find. The plugins here are
// bare tables, so that they can be as wrong as they like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <headwind/testing/notifier.h>
#include <headwind/testing/policy.h>
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>

namespace headwind::sdk {
namespace {

using testing::HasSubstr;

hw_status create(const hw_call* call, const hw_plugin*, hw_str, void** self) {
  *self = const_cast<hw_host*>(call->host);
  return HW_OK;
}
void destroy(void*) {}

// Posts the event's text with the secret "token", counts, logs; passes the service's status on.
hw_status post(void*, const hw_call* call, const hw_event* const* events, std::size_t, hw_status* results) {
  const hw_host* host = call->host;
  const auto* http = static_cast<const hw_http*>(host->service(host, HW_SERVICE_HTTP));
  const auto* secrets = static_cast<const hw_secrets*>(host->service(host, HW_SERVICE_SECRETS));
  const auto* metrics = static_cast<const hw_metrics*>(host->service(host, HW_SERVICE_METRICS));
  if (!http || !secrets || !metrics) return HW_UNSUPPORTED;
  std::string token, answer;
  const auto append = [](void* ctx, hw_str chunk) -> hw_status {
    static_cast<std::string*>(ctx)->append(hw::view(chunk));
    return HW_OK;
  };
  const hw_sink sink{&token, append};
  if (const hw_status status = secrets->read(call, hw::str("token"), &sink); status != HW_OK) return status;
  const hw_kv header{hw::str("authorization"), hw::str(token)};
  const hw_http_request request{
      sizeof request, 0, hw::str("POST"), hw::str("https://example.com/x"), &header, 1, events[0]->text, {}, 0};
  const hw_http_reply reply{sizeof reply, 0, &answer,
                            [](void* ctx, std::int32_t status, const hw_kv* rows, std::size_t count) -> hw_status {
                              *static_cast<std::string*>(ctx) += std::to_string(status);
                              for (std::size_t i = 0; i < count; ++i) {
                                *static_cast<std::string*>(ctx) += " " + std::string(hw::view(rows[i].key)) + "=";
                                *static_cast<std::string*>(ctx) += std::string(hw::view(rows[i].value)) + " ";
                              }
                              return HW_OK;
                            },
                            append};
  if (const hw_status status = http->exchange(call, &request, &reply); status != HW_OK) return status;
  const std::uint32_t counter = metrics->define(host, HW_COUNTER, hw::str("sent_total"), {});
  metrics->record(host, counter, 1);
  metrics->record(host, counter, 1);
  const hw_kv field{hw::str("answer"), hw::str(answer)};
  host->log(host, HW_LOG_WARN, hw::str("sent"), &field, 1);
  return results[0] = HW_OK;
}

hw_status fail_twice(void*, const hw_call* call, const hw_event* const*, std::size_t, hw_status* results) {
  const hw_error error{sizeof error, HW_DENIED, 0, 0, 0, hw::str("no")};
  call->host->fail(call, &error);
  return results[0] = call->host->fail(call, &error);
}

hw_status forget_the_result(void*, const hw_call*, const hw_event* const*, std::size_t, hw_status*) { return HW_OK; }

hw_status choose_nothing_there(void*, const hw_call*, const hw_policy_query*, const hw_tags* tags, hw_choice* out,
                               const hw_sink*, const hw_verdict_sink*) {
  out->verdict = HW_UPDATE;
  out->index = tags->count;
  return HW_OK;
}

// Judges the first candidate only.
hw_status judge_one(void*, const hw_call*, const hw_policy_query*, const hw_tags* tags, hw_choice* out, const hw_sink*,
                    const hw_verdict_sink* verdicts) {
  out->verdict = HW_HOLD;
  return tags->count > 0 ? verdicts->put(verdicts->ctx, 0, HW_HOLD, hw::str("held")) : HW_OK;
}

// Asks for an answer of which it reads nothing.
hw_status post_blindly(void*, const hw_call* call, const hw_event* const*, std::size_t, hw_status* results) {
  const auto* http = static_cast<const hw_http*>(call->host->service(call->host, HW_SERVICE_HTTP));
  const hw_http_request request{sizeof request, 0, hw::str("POST"), hw::str("https://example.com/"), {}, 0, {}, {}, 0};
  const hw_http_reply reply{sizeof reply, 0, nullptr, nullptr, nullptr};
  return results[0] = http->exchange(call, &request, &reply);
}

const char* const all_services[] = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS, HW_SERVICE_METRICS, nullptr};

// A module with one notifier, whose send is `function`.
struct Bare {
  using Send = hw_status (*)(void*, const hw_call*, const hw_event* const*, std::size_t, hw_status*);
  explicit Bare(Send function, const char* const* needs = all_services) : api{sizeof api, 0, function} {
    plugin = {sizeof plugin,    HW_KIND_NOTIFIER, 0,      0,     hw::str("test.bare"),
              hw::str("1.0.0"), hw::str("bare"),  {},     needs, &api,
              &create,          &destroy,         nullptr};
  }
  hw_notifier_api api;
  hw_plugin plugin{};
  const hw_plugin* list[1] = {&plugin};
  hw_module module{sizeof(hw_module), HW_ABI_MINOR, 0, 1, {}, list};
};

struct InC : testing::Test {
  InC() { hw_testing_begin(&host); }
  ~InC() override { hw_testing_end(&host); }
  hw_testing host;
  const hw_event event = hw_testing_event("update_failed", "1", "hello");
};
struct InCpp : testing::Test {
  hw::testing::fake_host host;
};

TEST_F(InC, what_a_plugin_does_is_recorded) {
  static const Bare bare(&post);
  hw_testing_secret(&host, "token", "old");
  hw_testing_secret(&host, "token", "t0p");
  hw_testing_answer(&host, 202, "Retry-After: 7\nX-Upper: Yes: 1", "body");
  ASSERT_EQ(hw_testing_create_plugin(&host, &bare.plugin, "{}"), HW_OK);
  EXPECT_EQ(hw_testing_send(&host, &event), HW_OK);
  ASSERT_EQ(host.request_count, 1U);
  EXPECT_STREQ(host.requests[0].method, "POST");
  EXPECT_STREQ(host.requests[0].url, "https://example.com/x");
  EXPECT_STREQ(host.requests[0].headers, "authorization: t0p\n");
  EXPECT_STREQ(host.requests[0].body, "hello");
  EXPECT_STREQ(host.logs, "warn sent answer=202 retry-after=7  x-upper=Yes: 1 body\n");
  EXPECT_EQ(hw_testing_metric(&host, "sent_total"), 2);
}

TEST_F(InC, what_was_not_scripted_is_a_service_that_fails) {
  static const Bare bare(&post);
  ASSERT_EQ(hw_testing_create_plugin(&host, &bare.plugin, "{}"), HW_OK);
  EXPECT_EQ(hw_testing_send(&host, &event), HW_NOT_FOUND);
  EXPECT_STREQ(host.failure.message, "its configuration grants no secret named token");
  hw_testing_secret(&host, "token", "t0p");
  EXPECT_EQ(hw_testing_send(&host, &event), HW_UNAVAILABLE);
  EXPECT_STREQ(host.failure.message, "no answer is scripted for https://example.com/x");
  hw_testing_no_answer(&host, HW_UNAVAILABLE);
  EXPECT_EQ(hw_testing_send(&host, &event), HW_UNAVAILABLE);
  host.deadline_ms = host.mono_ms;
  EXPECT_EQ(hw_testing_send(&host, &event), HW_CANCELLED);
}

TEST_F(InC, a_service_that_the_plugin_does_not_name_is_not_there) {
  static const char* const needs[] = {HW_SERVICE_HTTP, HW_SERVICE_METRICS, nullptr};
  static const Bare bare(&post, needs);
  ASSERT_EQ(hw_testing_create_plugin(&host, &bare.plugin, "{}"), HW_OK);
  EXPECT_EQ(hw_testing_send(&host, &event), HW_UNSUPPORTED);
  EXPECT_STREQ(host.failure.message, "the plugin gave no reason");
}

TEST_F(InC, time_passes_when_the_test_says_so) {
  EXPECT_EQ(host.host.unix_ms(&host.host), 1'700'000'000'000);
  hw_testing_wait(&host, 1500);
  EXPECT_EQ(host.host.unix_ms(&host.host), 1'700'000'001'500);
  EXPECT_EQ(host.host.mono_ms(&host.host), 2500);
}

using InCDeath = InC;
TEST_F(InCDeath, a_plugin_that_breaks_a_rule_ends_the_test_with_a_sentence) {
  static const Bare twice(&fail_twice), lazy(&forget_the_result);
  const auto send_with = [&](const Bare& bare) {
    hw_testing_create_plugin(&host, &bare.plugin, "{}");
    hw_testing_send(&host, &event);
  };
  EXPECT_DEATH(send_with(twice), "fail\\(\\) was called twice in one call");
  EXPECT_DEATH(send_with(lazy), "left results\\[0\\] at another status");
  EXPECT_DEATH(hw_testing_send(&host, &event), "there is no instance");

  static const hw_policy_api api{sizeof api, 0, &choose_nothing_there};
  static Bare policy(&post);
  policy.plugin.kind = HW_KIND_POLICY;
  policy.plugin.api = &api;
  const hw_policy_query query = hw_testing_query("1.0");
  ASSERT_EQ(hw_testing_create_plugin(&host, &policy.plugin, "{}"), HW_OK);
  EXPECT_DEATH(hw_testing_choose(&host, &query, "1.1  1.2"), "chose a row that is none");
  EXPECT_DEATH(hw_testing_send(&host, &event), "of another kind");
}

TEST_F(InCDeath, a_policy_judges_every_candidate) {
  static const hw_policy_api api{sizeof api, 0, &judge_one};
  static Bare policy(&post);
  policy.plugin.kind = HW_KIND_POLICY;
  policy.plugin.api = &api;
  const hw_policy_query query = hw_testing_query("1.0");
  ASSERT_EQ(hw_testing_create_plugin(&host, &policy.plugin, "{}"), HW_OK);
  EXPECT_EQ(hw_testing_choose(&host, &query, "1.1"), nullptr);
  EXPECT_DEATH(hw_testing_choose(&host, &query, "1.1 1.2"), "put no verdict for a candidate");
}

TEST_F(InCpp, answers_come_in_their_order_and_the_last_one_stays) {
  static const Bare bare(&post);
  host.grant("token", "t0p");
  host.metrics_granted = true;
  host.http = hw::testing::answers{{.status = 503}, {.status = 202}};
  hw::testing::notifier notifier(host, "{}", &bare.module);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(notifier.send({.text = "hello"}), HW_OK);
  ASSERT_EQ(host.logs.size(), 3U);
  EXPECT_EQ(host.logs[0].fields[0].second, "503");
  EXPECT_EQ(host.logs[1].fields[0].second, "202");
  EXPECT_EQ(host.logs[2].fields[0].second, "202");
  EXPECT_EQ(host.requests[0].body, "hello");
}

// Asks for its service in create, as the wrappers of the C++ layer do.
struct Asking : hw::notifier {
  explicit Asking(const hw::call& call) : http(call) {}
  void send(const hw::call&, const hw::event&) {}
  hw::http http;
};

TEST_F(InCpp, a_service_that_the_plugin_does_not_name_is_not_there) {
  host.http = hw::testing::answers{{.status = 200}};
  static constexpr hw::detail::module with{
      hw::plugin<Asking>{.id = "test.with", .version = "1", .summary = "with", .needs = {HW_SERVICE_HTTP}}};
  static constexpr hw::detail::module without{hw::plugin<Asking>{.id = "test.out", .version = "1", .summary = "out"}};
  EXPECT_EQ(hw::testing::notifier(host, "{}", with.raw()).status(), HW_OK);
  hw::testing::notifier refused(host, "{}", without.raw());
  EXPECT_EQ(refused.status(), HW_UNSUPPORTED);
  EXPECT_EQ(host.failures.back().message, "the service headwind.http/1 is not granted to this instance");
  EXPECT_THROW(refused.send({.text = "hello"}), std::logic_error);
}

TEST_F(InC, an_answer_may_break_off_after_a_part_of_it) {
  static const Bare bare(&post);
  hw_testing_secret(&host, "token", "t0p");
  hw_testing_answer(&host, 200, "", "body");
  hw_testing_break_off(&host);
  ASSERT_EQ(hw_testing_create_plugin(&host, &bare.plugin, "{}"), HW_OK);
  EXPECT_EQ(hw_testing_send(&host, &event), HW_UNAVAILABLE);
  EXPECT_STREQ(host.failure.message, "the answer broke off from https://example.com/x");
}

TEST_F(InCpp, an_answer_may_break_off_after_a_part_of_it) {
  static const Bare blind(&post_blindly);
  host.breaks_off = true;
  host.http = hw::testing::answers{{.status = 200, .body = "ok"}};
  EXPECT_EQ(hw::testing::notifier(host, "{}", &blind.module).send({.text = "hello"}), HW_UNAVAILABLE);
}

TEST_F(InCpp, an_answer_of_which_nothing_is_read_arrives_all_the_same) {
  static const Bare blind(&post_blindly);
  host.http = hw::testing::answers{{.status = 200, .body = "ok"}};
  EXPECT_EQ(hw::testing::notifier(host, "{}", &blind.module).send({.text = "hello"}), HW_OK);
}

TEST_F(InCpp, a_policy_judges_every_candidate) {
  static const hw_policy_api partial{sizeof partial, 0, &judge_one}, absent{sizeof absent, 0, &choose_nothing_there};
  static Bare bare(&post);
  bare.plugin.kind = HW_KIND_POLICY;
  bare.plugin.api = &partial;
  hw::testing::policy policy(host, "{}", &bare.module);
  EXPECT_EQ(policy.choose({.tag = "1.0"}, {"1.1"}).tag, "");
  EXPECT_THROW(policy.choose({.tag = "1.0"}, {"1.1", "1.2"}), std::logic_error);
  bare.plugin.api = &absent;
  EXPECT_THROW(policy.choose({.tag = "1.0"}, {"1.1"}), std::logic_error);
}

struct Second : hw::policy {
  hw::choice choose(const hw::call&, const hw::query&, const hw::tags&) { return hw::choice::update(1, "the second"); }
};

TEST_F(InCpp, a_policy_that_explains_nothing_judges_every_candidate_too) {
  static constexpr hw::detail::module second{hw::plugin<Second>{.id = "test.second", .version = "1", .summary = "2nd"}};
  const auto chosen = hw::testing::policy(host, "{}", second.raw()).choose({.tag = "1.0"}, {"1.1", "1.2", "1.3"});
  EXPECT_EQ(chosen.tag, "1.2");
  EXPECT_EQ(chosen.verdicts.size(), 3U);
  EXPECT_EQ(chosen.verdicts.at("1.1").verdict, hw::verdict::hold);
  EXPECT_EQ(chosen.verdicts.at("1.2").verdict, hw::verdict::update);
  EXPECT_EQ(chosen.verdicts.at("1.2").reason, "the second");
}

TEST_F(InCpp, a_plugin_that_breaks_a_rule_is_an_exception) {
  static const Bare twice(&fail_twice), lazy(&forget_the_result);
  EXPECT_THROW(hw::testing::notifier(host, "{}", &twice.module).send({.text = "hello"}), std::logic_error);
  EXPECT_THROW(hw::testing::notifier(host, "{}", &lazy.module).send({.text = "hello"}), std::logic_error);
}

}  // namespace
}  // namespace headwind::sdk
