// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/helm_settings.hpp"

#include "registries/core/json_text.hpp"

namespace headwind::registries::helm {

Outcome<HelmSettings> HelmSettings::parse(std::string_view json) {
  constexpr std::int64_t day_s = 86'400;
  HelmSettings settings;
  const auto root = parse_json(json);
  if (!root.is_object()) return settings;
  const auto it = root.find("freshness");
  if (it == root.end()) return settings;
  const std::int64_t seconds = it->is_number_integer() ? it->get<std::int64_t>() : 0;
  if (seconds < 1 || seconds > day_s)
    return Failure{HW_INVALID, "freshness of the Helm plugin must be a number of seconds, 1 to 86400", 0};
  settings.freshness_ms = seconds * 1000;
  return settings;
}

}  // namespace headwind::registries::helm
