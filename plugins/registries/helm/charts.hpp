// SPDX-License-Identifier: Apache-2.0
// The charts of Helm repositories: what the plugin does, without the plugin ABI.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "registries/core/settings.hpp"
#include "registries/helm/helm_settings.hpp"
#include "registries/helm/index_cache.hpp"

namespace headwind::registries::helm {

class Charts {  // safe from several threads; each call brings its own transport
 public:
  Charts(Settings settings, const HelmSettings& helm) : settings_(std::move(settings)), cache_(helm.freshness_ms) {}

  // Every version of the chart once, never none. `repository` as in chart_name.hpp.
  Outcome<std::vector<ChartVersion>> list(std::string_view repository, IndexTransport& transport);
  // That version of it, spelled as in the index.
  Outcome<ChartVersion> find(std::string_view repository, std::string_view version, IndexTransport& transport);

 private:
  Settings settings_;
  IndexCache cache_;
};

}  // namespace headwind::registries::helm
