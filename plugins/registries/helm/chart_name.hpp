// SPDX-License-Identifier: Apache-2.0
// Charts as repositories: "https://charts.example.com/stable/podinfo" is the chart podinfo of the Helm repository at
// https://charts.example.com/stable. A query belongs to the repository:
// "https://charts.example.com/stable?team=a/podinfo".
#pragma once
#include <string>
#include <string_view>

#include "registries/core/outcome.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries::helm {

struct ChartName {
  std::string chart;
  std::string index_url;  // "https://charts.example.com/stable/index.yaml?team=a"; a query may hold a secret
  std::string url;        // the repository's without its query, for sentences
  std::string host;       // "charts.example.com:8443", as settings name it
  Origin origin;
};

// HW_INVALID where it is no such URL. User information is none of a URL here.
Outcome<ChartName> parse_chart_name(std::string_view repository);

}  // namespace headwind::registries::helm
