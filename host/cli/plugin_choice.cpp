// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_choice.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/plugin_directories.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::json;

constexpr const char *for_python = "headwind.policy.python", *notifier_in_python = "headwind.notifier.python";
constexpr std::size_t longest_script = 1U << 20U;  // as the plugin has it

Error mistake(std::string sentence) { return make_error(Code::invalid, std::move(sentence)); }

bool is_script(const std::string& plugin) { return plugin.ends_with(".py"); }

bool is_file(const std::string& plugin) {
  std::error_code failure;
  return plugin.find('/') != std::string::npos || plugin.ends_with(".so") ||
         std::filesystem::is_regular_file(plugin, failure);
}

// The bundle's file of "headwind.notifier.slack" is headwind-notifier-slack.so.
Result<std::filesystem::path> file_of(const std::string& id, const config::Config& config) {
  std::string name = id + ".so";
  std::replace(name.begin(), name.end() - 3, '.', '-');
  for (const auto& directory : plugin_directories(config)) {
    std::error_code failure;
    if (std::filesystem::is_regular_file(directory / name, failure)) return directory / name;
  }
  return mistake("no plugin directory has " + printable(name, 300) +
                 ": give the plugin's file, or set plugins.directories in the file of --config");
}

// Where a line begins with "def send(" or "class send", the script is a notifier.
bool defines(const std::string& script, const std::string& name) {
  for (const std::string_view line : split(script, '\n'))
    for (const std::string_view word : {"def ", "class ", "async def "})
      if (line.starts_with(word) && line.substr(word.size()).starts_with(name)) {
        const std::string_view rest = line.substr(word.size() + name.size());
        if (rest.empty() || std::string_view("(: ").find(rest.front()) != std::string_view::npos) return true;
      }
  return false;
}

Result<> choose_script(const PluginChoice& choice, ChosenPlugin& out) {
  std::ifstream in(choice.plugin, std::ios::binary);
  if (!in) return mistake("the script " + printable(choice.plugin, 500) + " cannot be opened");
  std::string script;
  for (char byte = 0; script.size() <= longest_script && in.get(byte);) script += byte;
  const bool notifies = choice.callable.empty() ? defines(script, "send") : choice.callable == "send";
  if (out.id.empty()) out.id = notifies && !defines(script, "choose") ? notifier_in_python : for_python;
  Json settings{{"file", std::filesystem::absolute(choice.plugin).lexically_normal().string()}};
  if (!choice.callable.empty()) settings["callable"] = choice.callable;
  if (!choice.settings.empty()) {
    const Json more = Json::parse(choice.settings, nullptr, false);
    if (!more.is_object()) return mistake("--settings is no JSON object, such as '{\"seconds\": 2}'");
    settings.update(more);
  }
  out.settings = {{out.id, settings.dump(-1, ' ', false, Json::error_handler_t::replace)}};
  const auto file = file_of(for_python, out.config);
  if (!file) return file.error();
  out.file = *file;
  out.script = true;
  return {};
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
