// SPDX-License-Identifier: Apache-2.0
// What Helm takes for the version of a chart.
#pragma once
#include <string_view>

namespace headwind::registries::helm {

// A semantic version as Helm reads it from an index, which is not strict: "1.2.3-rc.1+b5", and also "v1.2.3" or "1.2".
// Charts of any other version cannot be installed.
bool is_chart_version(std::string_view text);

}  // namespace headwind::registries::helm
