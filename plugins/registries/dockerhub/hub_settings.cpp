// SPDX-License-Identifier: Apache-2.0
#include "registries/dockerhub/hub_settings.hpp"

#include "registries/core/json_text.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {

Outcome<HubSettings> HubSettings::parse(std::string_view json) {
  HubSettings settings;
  const auto root = parse_json(json);
  if (!root.is_object()) return settings;
  if (const auto it = root.find("pushed_times"); it != root.end()) {
    if (it->is_boolean()) {
      settings.pushed_times = it->get<bool>() ? PushedTimes::always : PushedTimes::never;
    } else if (*it == "auto") {
      settings.pushed_times = PushedTimes::automatic;
    } else {
      return Failure{HW_INVALID, "pushed_times of the Docker Hub plugin must be true, false or auto", 0};
    }
  }
  std::string api = text_at(root, "hub_api");
  while (api.ends_with('/')) api.pop_back();
  if (api.empty()) return settings;
  if (!origin_of(api) || !path_of(api).empty() || api.find_first_of("?#") != std::string::npos)
    return Failure{HW_INVALID,
                   "hub_api of the Docker Hub plugin must be a URL like https://hub.docker.com, without a path", 0};
  settings.api = std::move(api);
  settings.own_api = true;
  return settings;
}

}  // namespace headwind::registries
