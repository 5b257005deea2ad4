// SPDX-License-Identifier: Apache-2.0
// In which of its two text formats a scraper takes /metrics.
#pragma once
#include <string_view>

namespace headwind::api {

// Whether an `Accept` header prefers application/openmetrics-text of version 1.0.0 (or of no version that it names) to
// text/plain. Where it says nothing, and where it likes both as much as each other, as Prometheus never does, it is
// text/plain: what 0.1.x served.
bool wants_openmetrics(std::string_view accept);

}  // namespace headwind::api
