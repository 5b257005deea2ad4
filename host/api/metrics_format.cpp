// SPDX-License-Identifier: Apache-2.0
#include "api/metrics_format.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/text.hpp"

namespace headwind::api {
namespace {

// One entry of the header: "text/plain;version=0.0.4;q=0.5".
struct Range {
  std::string type, version;
  double quality = 1;
};

Range read(std::string_view entry) {
  Range range;
  bool first = true;
  for (const std::string_view piece : split(entry, ';')) {
    const std::string_view part = trim(piece);
    if (first) range.type = to_lower(part);
    first = false;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name = to_lower(trim(part.substr(0, equals)));
    std::string_view value = trim(part.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (name == "version") range.version = value;
    if (name != "q") continue;
    double quality = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), quality);
    range.quality = read.ec == std::errc() && read.ptr == value.data() + value.size() ? quality : 0;
  }
  return range;
}

}  // namespace

bool wants_openmetrics(std::string_view accept) {
  double openmetrics = 0, plain = 0;
  for (const std::string_view entry : split(accept, ',')) {
    const Range range = read(entry);
    const bool fits = range.version.empty() || range.version == "1.0.0";
    if (range.type == "application/openmetrics-text" && fits) openmetrics = std::max(openmetrics, range.quality);
    if (range.type == "text/plain") plain = std::max(plain, range.quality);
  }
  return openmetrics > plain;
}

}  // namespace headwind::api
