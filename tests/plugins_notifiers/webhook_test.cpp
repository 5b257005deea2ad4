// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "notifiers/webhook/attempts.hpp"
#include "notifiers/webhook/signature.hpp"

namespace headwind::notifiers {
namespace {

using namespace std::chrono_literals;

TEST(WebhookSignature, T119_is_a_real_hmac) {
  EXPECT_EQ(signature("It's a Secret to Everybody", "Hello, World!", false),
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

TEST(WebhookSignature, the_legacy_form_is_a_hash_of_secret_and_body) {
  // printf 'secretbody' | sha256sum
  EXPECT_EQ(signature("secret", "body", true),
            "sha256=62ea2e334a3ca4a272ae4655478e6f6229a1211cc4c4ca203f03068d8fe4cdec");
}

struct Run {
  std::vector<std::chrono::milliseconds> pauses;
  int attempts = 0;
  Attempt last;
};

Run run(int max_retries, std::vector<Attempt> script, std::size_t pauses_allowed = 100) {
  Run out;
  out.last = try_repeatedly(
      max_retries, [&] { return script.at(static_cast<std::size_t>(out.attempts++)); },
      [&](std::chrono::milliseconds wait) {
        if (out.pauses.size() == pauses_allowed) return false;
        out.pauses.push_back(wait);
        return true;
      });
  return out;
}

const Attempt ok{200, "", 0ms}, broken{500, "", 0ms}, refused{404, "", 0ms}, silent{0, "no answer", 0ms};

TEST(WebhookAttempts, T120_two_failures_and_a_success_are_three_attempts) {
  const auto result = run(3, {broken, broken, ok});
  EXPECT_EQ(result.attempts, 3);
  EXPECT_TRUE(result.last.ok());
  EXPECT_EQ(result.pauses, (std::vector<std::chrono::milliseconds>{1s, 2s}));
}

TEST(WebhookAttempts, T120_four_failures_are_the_end) {
  const auto result = run(3, {refused, silent, broken, broken});
  EXPECT_EQ(result.attempts, 4);
  EXPECT_FALSE(result.last.ok());
  EXPECT_EQ(result.pauses, (std::vector<std::chrono::milliseconds>{1s, 2s, 4s}));
}

TEST(WebhookAttempts, a_receiver_s_wish_to_wait_longer_is_respected) {
  EXPECT_EQ(run(1, {{429, "", 5s}, ok}).pauses, (std::vector<std::chrono::milliseconds>{5s}));
  EXPECT_EQ(run(1, {{429, "", 10ms}, ok}).pauses, (std::vector<std::chrono::milliseconds>{1s}));
}

TEST(WebhookAttempts, no_time_left_ends_with_what_happened_last) {
  const auto result = run(3, {broken, silent}, 1);
  EXPECT_EQ(result.attempts, 2);
  EXPECT_EQ(result.last.problem, "no answer");
}

TEST(WebhookAttempts, without_retries_there_is_one) { EXPECT_EQ(run(0, {broken}).attempts, 1); }

}  // namespace
}  // namespace headwind::notifiers
