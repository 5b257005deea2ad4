// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/chart_name.hpp"

#include <headwind/base.h>

#include <algorithm>

namespace headwind::registries::helm {
namespace {

constexpr std::size_t max_url = 4096;

bool is_chart(std::string_view name) {
  return !name.empty() && name.size() <= HW_MAX_NAME && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c != '?' && c != '#' && c != 127; });
}

}  // namespace

Outcome<ChartName> parse_chart_name(std::string_view repository) {
  // Not quoted: it may hold user information or a query that is secret.
  const Failure no_chart{HW_INVALID,
                         "the repository of a chart must be the URL of a Helm repository and the chart's name, such as "
                         "https://charts.example.com/stable/podinfo, without user information",
                         0};
  const auto slash = repository.rfind('/');
  if (slash == std::string_view::npos || repository.size() > max_url) return no_chart;
  ChartName name;
  name.chart = repository.substr(slash + 1);
  const std::string_view url = repository.substr(0, slash);
  auto origin = origin_of(url);
  if (!origin || !is_chart(name.chart) || url.find('#') != std::string_view::npos) return no_chart;
  name.origin = std::move(*origin);
  name.host = name.origin.authority();

  const auto question = url.find('?');
  const auto authority = url.find("://") + 3;
  const auto path_at = std::min(url.find('/', authority), url.size());
  std::string_view path = path_at < question ? url.substr(path_at, question - path_at) : std::string_view();
  if (path.ends_with('/')) path.remove_suffix(1);
  name.url = name.origin.scheme + "://" + name.host + std::string(path);
  name.index_url = name.url + "/index.yaml";
  if (question != std::string_view::npos) name.index_url += url.substr(question);
  return name;
}

}  // namespace headwind::registries::helm
