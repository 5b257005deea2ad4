// SPDX-License-Identifier: Apache-2.0
// What a webhook's body tells, in one line per push.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "registries/core/sender.hpp"

namespace headwind::registries {

inline const std::string digest = "sha256:" + std::string(64, '9');
using Told = std::vector<std::string>;

// The head of a call to /webhook/`endpoint`.
inline WebhookHead to(const std::string& endpoint) {
  WebhookHead head;
  head.endpoint = endpoint;
  return head;
}

inline std::vector<Push> parse(const std::string& body, const WebhookHead& head = {},
                               const std::string& settings = "{}") {
  const auto pushes = parse_any(body, head, *Settings::parse(settings));
  EXPECT_TRUE(pushes) << body << "\n" << pushes.failure().message;
  return pushes ? *pushes : std::vector<Push>();
}

// "repository:tag" of each, "@digest" where one was told.
inline Told told(const std::string& body, const WebhookHead& head = {}, const std::string& settings = "{}") {
  Told all;
  for (const Push& push : parse(body, head, settings))
    all.push_back(push.repository + ":" + push.tag + (push.digest.empty() ? "" : "@" + push.digest));
  return all;
}

// The sentence that refuses the body; "taken" where none does.
inline std::string refusal(const std::string& body, const WebhookHead& head = {}) {
  const auto pushes = parse_any(body, head, Settings());
  if (pushes) return "taken";
  EXPECT_EQ(pushes.failure().code, HW_INVALID);
  return pushes.failure().message;
}

}  // namespace headwind::registries
