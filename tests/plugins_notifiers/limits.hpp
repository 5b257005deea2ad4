// SPDX-License-Identifier: Apache-2.0
// What each service refuses, counted here once more and on its own.
#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace headwind::notifiers {

// In UTF-16 units.
inline std::size_t length(const nlohmann::json& text) {
  std::size_t units = 0;
  for (const unsigned char c : text.get_ref<const std::string&>()) units += c >= 0xF0 ? 2 : (c & 0xC0) != 0x80 ? 1 : 0;
  return units;
}

inline void check_slack(const nlohmann::json& body) {
  std::size_t all = 0;
  EXPECT_LE(body["blocks"].size(), 50u);
  for (const auto& block : body["blocks"]) {
    if (block["type"] == "header") {
      EXPECT_LE(length(block["text"]["text"]), 150u);
      all += length(block["text"]["text"]);
    }
    for (const auto& field : block.value("fields", nlohmann::json::array())) {
      EXPECT_LE(length(field["text"]), 2000u);
      all += length(field["text"]);
    }
    EXPECT_LE(block.value("fields", nlohmann::json::array()).size(), 10u);
    for (const auto& element : block.value("elements", nlohmann::json::array())) {
      if (element["type"] != "button") continue;
      EXPECT_LE(length(element["url"]), 3000u);
      EXPECT_LE(length(element["text"]["text"]), 75u);
      all += length(element["url"]);
    }
  }
  EXPECT_LE(all, 13'200u);
}

inline void check_discord(const nlohmann::json& body) {
  EXPECT_EQ(body["allowed_mentions"], nlohmann::json({{"parse", nlohmann::json::array()}}));
  const auto& embed = body["embeds"].at(0);
  std::size_t all = length(embed["title"]) + length(embed["footer"]["text"]);
  EXPECT_LE(length(embed["title"]), 256u);
  EXPECT_LE(length(embed["footer"]["text"]), 2048u);
  EXPECT_LE(embed["fields"].size(), 25u);
  for (const auto& field : embed["fields"]) {
    EXPECT_LE(length(field["name"]), 256u);
    EXPECT_GE(length(field["name"]), 1u);
    EXPECT_LE(length(field["value"]), 1024u);
    EXPECT_GE(length(field["value"]), 1u);
    all += length(field["name"]) + length(field["value"]);
  }
  EXPECT_LE(all, 6000u);
  EXPECT_LE(embed.value("url", std::string()).size(), 2048u);
}

inline void check_mattermost(const nlohmann::json& body) {
  std::size_t all = 0;
  const auto& attachment = body["attachments"].at(0);
  for (const char* member : {"fallback", "title", "text"}) all += length(attachment[member]);
  for (const auto& field : attachment["fields"]) all += length(field["title"]) + length(field["value"]);
  EXPECT_LE(all, 16'383u);
}

// Without marks and with entities as the characters that they stand for.
inline void check_telegram(const nlohmann::json& body) {
  std::string seen;
  const std::string text = body["text"];
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') {
      i = text.find('>', i);
      ASSERT_NE(i, std::string::npos);
    } else if (text[i] == '&') {
      i = text.find(';', i);
      ASSERT_NE(i, std::string::npos);
      seen += '&';
    } else {
      seen += text[i];
    }
  }
  EXPECT_LE(length(seen), 4096u);
  EXPECT_GE(length(seen), 1u);
}

inline void check_pagerduty(const nlohmann::json& body) {
  EXPECT_LE(body.dump().size(), 512u * 1024);
  if (body.contains("dedup_key")) EXPECT_LE(length(body["dedup_key"]), 255u);
  if (!body.contains("payload")) return;
  EXPECT_LE(length(body["payload"]["summary"]), 1024u);
}

// `name` of the sink, the body as it was posted.
inline void check_limits(const std::string& name, const std::string& raw) {
  const auto body = nlohmann::json::parse(raw, nullptr, false);
  ASSERT_TRUE(body.is_object());
  if (name == "slack") check_slack(body);
  if (name == "teams") EXPECT_LE(raw.size(), 28'000u);
  if (name == "discord") check_discord(body);
  if (name == "mattermost") check_mattermost(body);
  if (name == "googlechat") EXPECT_LE(raw.size(), 32'000u);
  if (name == "telegram") check_telegram(body);
  if (name == "pagerduty") check_pagerduty(body);
}

}  // namespace headwind::notifiers
