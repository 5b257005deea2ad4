// SPDX-License-Identifier: Apache-2.0
// The event of the documented samples, as the host hands it to notifiers.
#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

inline constexpr std::int64_t sample_time = 1762425000000;  // 2025-11-06 10:30:00 UTC

inline nlohmann::json sample(const std::string& event) {
  return {{"event", event},
          {"timestamp", "2025-11-06T10:30:00.123456789Z"},
          {"deployment",
           {{"name", "web"},
            {"namespace", "prod"},
            {"currentImage", "nginx:1.25.0"},
            {"newImage", "nginx:1.26.0"},
            {"container", "nginx"},
            {"resourceKind", "Deployment"}}}};
}

inline Notice notice_of(const nlohmann::json& details, const std::string& type = "", const std::string& text = "") {
  Notice notice;
  std::string error;
  EXPECT_TRUE(read_notice(details.dump(), type, text, sample_time, notice, error)) << error;
  return notice;
}

}  // namespace headwind::notifiers
