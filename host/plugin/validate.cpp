// SPDX-License-Identifier: Apache-2.0
#include "plugin/validate.hpp"

#include <set>
#include <string_view>

#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/schema.hpp"
#include "plugin/types.hpp"

namespace headwind::plugin {
namespace {

constexpr std::uint32_t kMaxPlugins = 256;
constexpr std::size_t kMaxNeeds = 64;
constexpr std::size_t kMaxSchema = 256U << 10U;

std::string size_problem(std::string_view what, std::uint32_t size, std::uint32_t least) {
  return "has " + std::string(what) + " whose struct_size is " + std::to_string(size) + ", not within " +
         std::to_string(least) + " and " + std::to_string(kMaxStruct);
}

// Lower-case words joined by '.', two at least: "headwind.registry.oci".
bool is_id(std::string_view id) {
  bool dotted = false, word = false;
  for (const char c : id) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word = true;
    } else if ((c == '.' || c == '-' || c == '_') && word) {
      word = false;
      dotted = dotted || c == '.';
    } else {
      return false;
    }
  }
  return word && dotted;
}

template <class Api>
std::string api_problem(const void* table, std::initializer_list<bool (*)(const Api&)> present) {
  const Api& given = *static_cast<const Api*>(table);
  if (!is_sized(&given)) return size_problem("an api", given.struct_size, kFirstSize<Api>);
  const Api api = known(given);
  if (api.reserved0 != 0) return "has an api whose reserved0 is not zero";
  for (auto* has : present) {
    if (!has(api)) return "has an api that lacks a function which its kind requires";
  }
  return {};
}

std::string vtable_problem(const hw_plugin& plugin) {
  if (plugin.api == nullptr) return "has no api (a null vtable)";
  switch (plugin.kind) {
    case HW_KIND_REGISTRY:
      return api_problem<hw_registry_api>(plugin.api, {[](const hw_registry_api& a) { return a.list_tags != nullptr; },
                                                       [](const hw_registry_api& a) { return a.resolve != nullptr; }});
    case HW_KIND_WORKLOAD:
      return api_problem<hw_workload_api>(plugin.api, {[](const hw_workload_api& a) { return a.describe != nullptr; },
                                                       [](const hw_workload_api& a) { return a.images != nullptr; }});
    case HW_KIND_NOTIFIER:
      return api_problem<hw_notifier_api>(plugin.api, {[](const hw_notifier_api& a) { return a.send != nullptr; }});
    case HW_KIND_POLICY:
      return api_problem<hw_policy_api>(plugin.api, {[](const hw_policy_api& a) { return a.choose != nullptr; }});
    default: return "is of the unknown kind " + std::to_string(plugin.kind);
  }
}

std::string needs_problem(const char* const* needs) {
  if (needs == nullptr) return {};
  for (std::size_t i = 0; needs[i] != nullptr; ++i) {
    if (i == kMaxNeeds) return "needs more than " + std::to_string(kMaxNeeds) + " services";
    const std::string_view id(needs[i]);
    if (id.empty() || !is_name(lend(id))) return "needs a service whose id is not a name";
  }
  return {};
}

std::string plugin_problem(const hw_plugin& plugin) {
  if (plugin.reserved0 != 0) return "has a reserved0 that is not zero";
  if ((plugin.flags & ~std::uint32_t{HW_PLUGIN_SERIAL}) != 0) return "sets flags that this host does not know";
  if (plugin.version.len == 0 || !is_name(plugin.version)) return "has a version that is not a name";
  if (!is_name(plugin.summary, HW_MAX_TEXT)) return "has a summary that is not one line of UTF-8";
  if (std::string problem = vtable_problem(plugin); !problem.empty()) return problem;
  if (plugin.create == nullptr || plugin.destroy == nullptr) return "lacks create or destroy";
  if (std::string problem = needs_problem(plugin.needs); !problem.empty()) return problem;
  if (!is_text(plugin.config_schema, kMaxSchema)) return "has a config_schema that is not UTF-8 or too long";
  if (Result<> schema = check_schema(view(plugin.config_schema)); !schema)
    return "has a config_schema that " + schema.error().message;
  return {};
}

constexpr const char* kRemedy = "; rebuild it with the SDK of this host, or remove it";

std::string module_problem(const hw_module* module, std::uint32_t minor) {
  if (module == nullptr) return "gave no module: its hw_entry_v1 returned null";
  if (!is_sized(module)) return size_problem("a module", module->struct_size, kFirstSize<hw_module>);
  if (module->min_host_minor > minor)
    return "needs a host that speaks ABI 1." + std::to_string(module->min_host_minor) + "; this one speaks 1." +
           std::to_string(minor);
  if (module->plugin_count == 0 || module->plugin_count > kMaxPlugins || module->plugins == nullptr)
    return "lists " + std::to_string(module->plugin_count) + " plugins, not between 1 and " +
           std::to_string(kMaxPlugins);
  if (!is_text(module->build)) return "has a build text that is not UTF-8";

  std::set<std::string_view> ids;
  for (std::uint32_t i = 0; i < module->plugin_count; ++i) {
    const hw_plugin* plugin = module->plugins[i];
    const std::string row = "a plugin (number " + std::to_string(i + 1) + ")";
    if (plugin == nullptr) return "has " + row + " that is null";
    if (!is_sized(plugin)) return size_problem(row, plugin->struct_size, kFirstSize<hw_plugin>);
    if (!is_name(plugin->id) || !is_id(view(plugin->id)))
      return "has " + row + " whose id is not a lower-case dotted name";
    if (!ids.insert(view(plugin->id)).second) return "has two plugins with the id " + std::string(view(plugin->id));
    if (std::string problem = plugin_problem(*plugin); !problem.empty())
      return "cannot be used: plugin " + std::string(view(plugin->id)) + " " + problem;
  }
  return {};
}

}  // namespace

Result<> validate(const hw_module* module, std::uint32_t minor) {
  std::string problem = module_problem(module, minor);
  if (problem.empty()) return {};
  return make_error(Code::invalid, problem + kRemedy);
}

}  // namespace headwind::plugin
