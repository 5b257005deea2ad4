// SPDX-License-Identifier: Apache-2.0
// The text format of OpenMetrics 1.0, for scrapers that ask for it: what text/plain says, and exemplars.
#pragma once
#include <prometheus/metric_family.h>

#include <functional>
#include <string>
#include <vector>

#include "telemetry/exemplars.hpp"

namespace headwind::telemetry {

// The exemplars of one histogram, by its bucket; empty where it has none.
using ExemplarsOf = std::function<std::vector<Exemplar>(const std::string& family,
                                                        const std::vector<prometheus::ClientMetric::Label>&)>;

// Ends with "# EOF". A counter whose name does not end in _total, such as headwind_webhook_events_processed of 0.1.x,
// is of type unknown there: OpenMetrics would rename it, and nobody's query would find it any more.
std::string open_metrics(const std::vector<prometheus::MetricFamily>& families, const ExemplarsOf& exemplars);

}  // namespace headwind::telemetry
