// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_settings.hpp"

#include <utility>

namespace headwind::cli {

std::vector<CheckedInstance> check_instances(const config::Config& config, const plugin::Host& host) {
  std::vector<CheckedInstance> out;
  for (const config::Plugin& wanted : config::plugin_instances(config)) {
    CheckedInstance checked{wanted.name, wanted.plugin, wanted.place.at, {}};
    plugin::InstanceConfig instance;
    instance.name = wanted.name;
    instance.plugin = wanted.plugin;
    instance.settings = wanted.settings;
    instance.deadlines = wanted.deadlines;
    if (const Result<> fits = host.check(instance); !fits) {
      checked.problem = fits.error().message;
      checked.absent = fits.error().code == Code::not_found;
      // The place names it already.
      if (checked.problem.starts_with(wanted.name + ": ")) checked.problem.erase(0, wanted.name.size() + 2);
    }
    out.push_back(std::move(checked));
  }
  return out;
}

}  // namespace headwind::cli
