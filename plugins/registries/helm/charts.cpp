// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/charts.hpp"

#include <algorithm>

#include "registries/helm/chart_version.hpp"

namespace headwind::registries::helm {

Outcome<std::vector<ChartVersion>> Charts::list(std::string_view repository, IndexTransport& transport) {
  const auto name = parse_chart_name(repository);
  if (!name) return name.failure();
  const Asker asker = asker_of(*name, settings_, transport);
  const auto index = cache_.get(name->index_url + "\n" + asker.account.key, transport,
                                [&](const Validators& known) { return fetch_index(*name, asker, known, transport); });
  if (!index) return index.failure();
  auto listing = (*index)->list(name->chart);
  const std::string where = "the index.yaml of " + name->url;
  if (!listing.present) return Failure{HW_NOT_FOUND, where + " has no chart " + name->chart + ": check its name", 0};
  if (listing.too_many)
    return Failure{HW_INVALID, where + " has more than 10,000 versions of " + name->chart + ": remove old ones", 0};
  if (listing.versions.empty())
    return Failure{HW_NOT_FOUND, where + " has no version of " + name->chart + " that Helm could install", 0};
  return std::move(listing.versions);
}

Outcome<ChartVersion> Charts::find(std::string_view repository, std::string_view version, IndexTransport& transport) {
  auto versions = list(repository, transport);
  if (!versions) return versions.failure();
  const auto found =
      std::find_if(versions->begin(), versions->end(), [&](const ChartVersion& one) { return one.version == version; });
  if (found != versions->end()) return std::move(*found);
  const auto name = parse_chart_name(repository);
  const std::string wanted = is_chart_version(version) ? "version " + std::string(version) : "such version";
  return Failure{HW_NOT_FOUND, "the index.yaml of " + name->url + " has no " + wanted + " of " + name->chart, 0};
}

}  // namespace headwind::registries::helm
