// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_choice.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/loaded_plugins.hpp"
#include "cli/plugin_directories.hpp"
#include "cli/script_choice.hpp"
#include "core/text.hpp"
#include "telemetry/log_control.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::json;

Error mistake(std::string sentence) { return make_error(Code::invalid, std::move(sentence)); }

bool is_file(const std::string& plugin) {
  std::error_code failure;
  return plugin.find('/') != std::string::npos || plugin.ends_with(".so") ||
         std::filesystem::is_regular_file(plugin, failure);
}

// A file may have any name, and several plugins: all are looked at, as the operator does it.
Result<std::filesystem::path> searched_for(const std::string& id, const config::Config& config) {
  const std::string level = telemetry::log_filter().in_force;
  const LoadedPlugins plugins(plugin_directories(config));
  (void)telemetry::init_log({.json = false, .level = level});  // the search was quiet
  const std::vector<plugin::PluginInfo> rows = plugins.host().plugins();
  const auto row = std::ranges::find(rows, id, &plugin::PluginInfo::id);
  if (row != rows.end() && row->state == "loaded") return std::filesystem::path(row->file);
  if (row != rows.end()) return mistake(row->file + " has it, and is refused: " + row->reason);
  std::vector<std::string_view> known;
  for (const plugin::PluginInfo& one : rows) known.push_back(one.id);
  const std::string_view near = nearest(id, known);
  return mistake("no plugin in the plugin directories has the id " + printable(id, 300) +
                 (near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)") +
                 ": give the plugin's file, or set plugins.directories in the file of --config");
}

// The bundle's file of "headwind.notifier.slack" is headwind-notifier-slack.so.
Result<std::filesystem::path> file_of(const std::string& id, const config::Config& config) {
  std::string name = id + ".so";
  std::replace(name.begin(), name.end() - 3, '.', '-');
  for (const auto& directory : plugin_directories(config)) {
    std::error_code failure;
    if (std::filesystem::is_regular_file(directory / name, failure)) return directory / name;
  }
  return searched_for(id, config);
}

Result<> take_settings(const PluginChoice& choice, ChosenPlugin& out) {
  if (!choice.settings.empty()) {
    if (!Json::parse(choice.settings, nullptr, false).is_object())
      return mistake("--settings is no JSON object, such as '{\"channel\": \"ops\"}'");
    out.settings = {{"", choice.settings}};
    return {};
  }
  if (choice.config_file.empty() && choice.instance.empty()) return {};
  for (const config::Plugin& plugin : config::plugin_instances(out.config)) {
    if (!choice.instance.empty() ? plugin.name != choice.instance : !out.id.empty() && plugin.plugin != out.id)
      continue;
    const auto [first, fresh] = out.configured.emplace(plugin.plugin, plugin);
    if (!fresh && !out.id.empty())
      return mistake("the configuration has several instances of " + out.id + ", such as " + first->second.name +
                     " and " + plugin.name + ": name one with --instance");
    if (fresh) out.settings[plugin.plugin] = plugin.settings.empty() ? "{}" : plugin.settings;
    if (!choice.instance.empty()) out.id = plugin.plugin;
  }
  if (!choice.instance.empty() && out.configured.empty())
    return mistake("the configuration has no instance " + printable(choice.instance, 200));
  return {};
}

Result<> read_secrets(const PluginChoice& choice, ChosenPlugin& out) {
  const TextMap environment = config::process_environment();
  for (const std::string& one : choice.secrets) {
    const std::size_t equals = one.find('=');
    const std::string name = one.substr(0, equals);
    const std::string place = equals == std::string::npos ? "" : one.substr(equals + 1);
    config::SecretReference reference;
    reference.field = "--secret " + printable(name, 100);
    if (place.starts_with("file:")) reference.file = place.substr(5);
    if (place.starts_with("env:")) reference.environment = place.substr(4);
    // What stands there may be the value itself: it is not repeated.
    if (name.empty() || reference.empty())
      return mistake(
          "--secret takes NAME=file:PATH or NAME=env:VARIABLE, never the value itself: others see it in the "
          "list of processes");
    Result<std::string> value = config::read_secret(reference, environment);
    if (!value) return value.error();
    out.secrets[name] = std::move(*value);
  }
  return {};
}

}  // namespace

void add_plugin_choice(CLI::App& command, PluginChoice& choice) {
  command
      .add_option("PLUGIN", choice.plugin,
                  "A shared object, a script in Python (.py), or the id of a plugin in the plugin directories")
      ->required();
  command.add_option("--plugin", choice.id, "Which plugin, where the file has several")->type_name("ID");
  command.add_option("--settings", choice.settings, "Settings of the instance")->type_name("JSON");
  command
      .add_option("--config", choice.config_file, "Configuration file (YAML) with an instance that has the settings")
      ->type_name("FILE");
  command.add_option("--instance", choice.instance, "The name of that instance [the one of this plugin]")
      ->type_name("NAME");
  command.add_option("--callable", choice.callable, "The function or class in a script [send, else choose]")
      ->type_name("NAME");
  command
      .add_option("--secret", choice.secrets, "A secret to grant, NAME=file:PATH or NAME=env:VARIABLE; again for each")
      ->allow_extra_args(false)
      ->type_name("NAME=PLACE");
}

Result<ChosenPlugin> chosen_plugin(const PluginChoice& choice) {
  ChosenPlugin out;
  Result<config::Config> config = config::load(choice.config_file, config::process_environment());
  if (!config) return config.error();
  out.config = std::move(*config);
  out.id = choice.id;
  if (Result<> secrets = read_secrets(choice, out); !secrets) return secrets.error();
  if (is_script(choice.plugin)) {
    if (Result<> script = choose_script(choice, out); !script) return script.error();
    const auto file = file_of(kPolicyInPython, out.config);
    if (!file) return file.error();
    out.file = *file;
    return out;
  }
  if (is_file(choice.plugin)) {
    out.file = choice.plugin;
    if (Result<> settings = take_settings(choice, out); !settings) return settings.error();
    return out;
  }
  if (out.id.empty()) out.id = choice.plugin;
  if (Result<> settings = take_settings(choice, out); !settings) return settings.error();
  const auto file = file_of(choice.plugin, out.config);
  if (!file) return file.error();
  out.file = *file;
  return out;
}

}  // namespace headwind::cli
