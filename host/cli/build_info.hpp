// SPDX-License-Identifier: Apache-2.0
// Which build this program is: for `headwind version`, and for whoever shows it elsewhere.
#pragma once
#include <string_view>

namespace headwind::cli {

// Texts of static storage. One that the build could not learn is "unknown".
struct BuildInfo {
  std::string_view version;   // "1.0.0"
  std::string_view commit;    // 40 hexadecimal digits; "-dirty" behind them where the tree had changes
  std::string_view date;      // RFC 3339, in UTC: SOURCE_DATE_EPOCH, else when the commit was made, never the clock
  std::string_view compiler;  // "Clang 19.1.7"
};

const BuildInfo& build_info();

}  // namespace headwind::cli
