// SPDX-License-Identifier: Apache-2.0
// `headwind policy test` runs the same plugin through the same frames as the operator, on its own thread.
#include <string>
#include <utility>

#include "plugin/abi.hpp"
#include "plugin/choose.hpp"
#include "plugin/guard.hpp"
#include "plugin/inspect.hpp"
#include "plugin/instance.hpp"
#include "plugin/lifecycle.hpp"
#include "plugin/module.hpp"

namespace headwind::plugin {
namespace {

Result<const hw_plugin*> open_policy(const std::filesystem::path& file) {
  if (Result<> readable = inspect(file); !readable) return readable.error();
  const Result<const hw_module*> opened = open_module(file);
  if (!opened) return opened.error();
  for (std::uint32_t i = 0; i < (*opened)->plugin_count; ++i) {
    if ((*opened)->plugins[i]->kind == HW_KIND_POLICY) return (*opened)->plugins[i];
  }
  return make_error(Code::not_found, file.filename().string() + " offers no policy");
}

}  // namespace

Result<Choice> choose_now(const std::filesystem::path& module, const std::string& settings, const PolicyQuery& query,
                          const Tags& candidates) {
  const Result<const hw_plugin*> plugin = open_policy(module);
  if (!plugin) return plugin.error();
  telemetry::Metrics metrics;  // nobody reads them
  InstanceConfig config;
  config.plugin = view((*plugin)->id);
  config.name = config.plugin;
  config.settings = settings;
  const auto instance =
      std::make_shared<Instance>(std::move(config), **plugin, module, std::make_shared<Runtime>(metrics));
  if (const Result<> created = run_here(make_create(instance)); !created) return created.error();
  const auto frame = std::make_shared<Choose>(instance, query, candidates, true);
  const Result<> chosen = run_here(frame);
  run_here(make_destroy(instance));
  if (!chosen) return chosen.error();
  return std::move(frame->choice);
}

}  // namespace headwind::plugin
