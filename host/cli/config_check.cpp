// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/loaded_plugins.hpp"
#include "cli/plugin_directories.hpp"
#include "cli/plugin_settings.hpp"
#include "config/config.hpp"
#include "config/log_filter.hpp"
#include "config/sound_part.hpp"
#include "conformance/check.hpp"
#include "core/text.hpp"
#include "telemetry/log_control.hpp"

namespace headwind::cli {
namespace {

// Mistakes end the check badly. What another machine may have, and this one has not, is a note, but where Headwind is
// to run here.
class Verdict {
 public:
  // `place`: where the text has a field, to be put before it; see config::place_of.
  Verdict(bool here, std::function<std::string(const std::string& field)> place)
      : here_(here), place_(std::move(place)) {}

  void mistake(const std::string& sentence) {
    std::fprintf(stderr, "%s\n", printable(sentence, 4096).c_str());
    good_ = false;
  }
  void note(const std::string& sentence) { std::fprintf(stderr, "note: %s\n", printable(sentence, 4096).c_str()); }
  void missing(const std::string& sentence) { here_ ? mistake(sentence) : note(sentence); }
  std::string place(const std::string& field) const { return place_(field); }
  bool here() const { return here_; }
  bool good() const { return good_; }

 private:
  const bool here_;
  const std::function<std::string(const std::string& field)> place_;
  bool good_ = true;
};

// Taken nevertheless, since RUST_LOG of 0.1.x named rooms of its libraries, too; and now perhaps misspelt.
void check_log_filter(const std::string& text, Verdict& verdict) {
  const auto filter = config::parse_log_filter(text);
  if (!filter) return;  // told already
  const std::vector<std::string_view>& rooms = telemetry::log_rooms();
  std::string all;
  for (const std::string_view room : rooms) all += (all.empty() ? "" : ", ") + std::string(room);
  for (const auto& [room, level] : filter->rooms) {
    if (std::ranges::find(rooms, room) != rooms.end()) continue;
    const std::string_view meant = nearest(room, rooms);
    verdict.note("log.level (or RUST_LOG): '" + room + "' is no room of the log" +
                 (meant.empty() ? "" : " (did you mean '" + std::string(meant) + "'?)") +
                 ", so what is said of it has no effect; there are " + all);
  }
}

// Not opened: it may be a pipe.
bool is_readable(const std::string& file) {
  std::error_code failure;
  return ::access(file.c_str(), R_OK) == 0 && !std::filesystem::is_directory(file, failure);
}

void check_files(const config::Config& config, const std::vector<config::SecretReference>& secrets, Verdict& verdict) {
  for (const config::NamedFile& named : config::named_files(config)) {
    const bool is_secret = std::ranges::find(secrets, named.file, &config::SecretReference::file) != secrets.end();
    if (is_secret || is_readable(named.file)) continue;
    verdict.missing(verdict.place(named.field) + named.field + ": " + named.file +
                    " cannot be read here; it must be there when Headwind starts");
  }
}

// It is made at the start, its directory is not.
void check_audit_file(const config::Config& config, Verdict& verdict) {
  if (config.audit != config::AuditTo::file) return;
  const std::string directory = std::filesystem::path(config.audit_file).parent_path().string();
  std::error_code failure;
  if (!std::filesystem::is_directory(directory, failure))
    verdict.missing(verdict.place("audit.file") + "audit.file: the directory " + directory +
                    " is not here; it must be there when Headwind starts, on a volume that outlives the pod");
}

// Their values are read, and forgotten. Without `notes`, one that is merely not here is passed over.
void check_secrets(const std::vector<config::SecretReference>& secrets, Verdict& verdict, bool notes = true) {
  const TextMap environment = config::process_environment();
  for (const config::SecretReference& secret : secrets) {
    if (config::is_read_once(secret.file)) continue;
    const Result<std::string> value = config::read_secret(secret, environment);
    if (value || (value.error().code == Code::not_found && !verdict.here() && !notes)) continue;
    const std::string sentence = verdict.place(secret.field) + value.error().message;
    value.error().code == Code::not_found ? verdict.missing(sentence) : verdict.mistake(sentence);
  }
}

// One of the default bundle, which nobody wrote down.
bool is_unwritten(const CheckedInstance& instance) { return instance.place.empty(); }

std::string where(const CheckedInstance& instance) {
  return is_unwritten(instance) ? "instance " + instance.name : instance.place;
}

// A directory with nothing but a site's own plugins is usual while they are written: one line for all.
void tell_what_is_absent(const std::vector<CheckedInstance>& instances, Verdict& verdict) {
  std::string absent;
  for (const CheckedInstance& instance : instances)
    if (instance.absent && is_unwritten(instance)) absent += (absent.empty() ? "" : ", ") + instance.name;
  if (!absent.empty())
    verdict.missing(
        "the plugins of the bundle are not all in the plugin directories here, and Headwind does not start without "
        "them (plugins.directories replaces the default; name the bundle's directory in it, too): " +
        absent);
}

bool is_of_bundle(const std::string& id) { return id.starts_with("headwind."); }

void check_settings(const std::vector<CheckedInstance>& instances, bool bundle_is_here, Verdict& verdict) {
  for (const CheckedInstance& instance : instances) {
    if (instance.problem.empty() || (instance.absent && is_unwritten(instance))) continue;
    const bool of_settings = instance.problem.starts_with("settings.") || instance.problem.starts_with("settings:");
    const std::string sentence = where(instance) + (of_settings ? "." : ": ") + instance.problem;
    if (!instance.absent || (bundle_is_here && is_of_bundle(instance.plugin))) {
      verdict.mistake(sentence);  // no other machine has more of the bundle than this one
    } else {
      verdict.missing(sentence);
    }
  }
}

bool is_script_host(const std::string& id) { return is_of_bundle(id) && id.ends_with(".python"); }

// Those that the instance is granted; nothing where a value is not here.
std::map<std::string, std::optional<std::string>> secrets_of(const config::Plugin& instance) {
  const TextMap environment = config::process_environment();
  std::map<std::string, std::optional<std::string>> secrets;
  for (const auto& [name, secret] : instance.secrets) {
    std::optional<std::string>& here = secrets[name];
    if (config::is_read_once(secret.file)) continue;
    if (const Result<std::string> value = config::read_secret(secret, environment)) here = *value;
  }
  return secrets;
}

// It is made once, as at the start: schemas do not tell all that may be wrong, and of a script nothing.
void check_instance(const config::Plugin& instance, const std::filesystem::path& plugin, Verdict& verdict) {
  const bool script = is_script_host(instance.plugin);
  std::string field = instance.place.at.empty() ? "instance " + instance.name + ": " : instance.place.at + ": ";
  if (script) {
    const nlohmann::json settings = nlohmann::json::parse(instance.settings, nullptr, false);
    if (!settings.is_object() || !settings.contains("file") || !settings["file"].is_string()) return;  // told already
    const std::string file = settings["file"];
    field = instance.place.at + ".settings.file: ";
    if (!is_readable(file))
      return verdict.missing(field + "the script " + file +
                             " cannot be read here; it must be there when Headwind starts");
  }
  const auto secrets = secrets_of(instance);
  const bool all_here = std::ranges::all_of(secrets, [](const auto& secret) { return secret.second.has_value(); });
  const conformance::Finding finding = conformance::try_create(plugin, instance.plugin, instance.settings, secrets);
  if (finding.outcome == conformance::Outcome::passed) return;
  // What was made up, or what only the cluster has, may be all that is wrong.
  if (script || (finding.outcome == conformance::Outcome::failed && all_here))
    verdict.mistake(field + finding.sentence);
  else
    verdict.missing(field + "it cannot be created here: " + finding.sentence);
}

// The same of those instances that can be read, where the text has mistakes elsewhere, which are told already.
bool is_told(const config::Plugin& instance, const std::string& mistakes) {
  const std::string& place = instance.place.at;  // "c.yaml:3:13: plugins.instances[0]"
  const std::string path = place.substr(std::min(place.rfind(' '), place.size() - 1) + 1);
  return place.empty() || mistakes.find(path + ".") != std::string::npos ||
         mistakes.find(path + ":") != std::string::npos;
}

void check_sound_part(const config::Config& config, const std::string& mistakes, Verdict& verdict) {
  std::vector<config::Plugin> written;
  for (const config::Plugin& instance : config.plugins)
    if (!is_told(instance, mistakes)) written.push_back(instance);
  if (written.empty()) return;
  LoadedPlugins plugins(plugin_directories(config));
  std::vector<CheckedInstance> checked = check_instances(config, plugins.host());
  std::erase_if(checked, [&](const CheckedInstance& one) {
    return one.absent || std::ranges::find(written, one.name, &config::Plugin::name) == written.end();
  });
  check_settings(checked, true, verdict);
}

// The rest needs plugins: settings against their schemas, scripts against their interpreter.
void check_plugins(const config::Config& config, Verdict& verdict) {
  const auto directories = plugin_directories(config);
  std::error_code failure;
  const bool here = !directories.empty() && std::ranges::any_of(directories, [&](const auto& one) {
    return std::filesystem::is_directory(one, failure);
  });
  if (!here) {
    std::string tried;
    for (const auto& one : directories) tried += (tried.empty() ? "" : ", ") + one.string();
    return verdict.missing(
        "there are no plugins here, so the settings of instances are not checked: " +
        (tried.empty() ? "set plugins.directories" : tried + " (plugins.directories) is no directory"));
  }
  for (const std::string& one : config.plugin_directories)  // the start only warns of it, too
    if (!std::filesystem::is_directory(one, failure))
      verdict.note("plugins.directories: " + one + " is no directory here, so its plugins would not be there");
  std::vector<std::pair<config::Plugin, std::filesystem::path>> sound;
  {
    LoadedPlugins plugins(directories);
    const std::vector<CheckedInstance> instances = check_instances(config, plugins.host());
    const std::vector<plugin::PluginInfo> rows = plugins.host().plugins();
    tell_what_is_absent(instances, verdict);
    check_settings(instances, std::ranges::any_of(rows, is_of_bundle, &plugin::PluginInfo::id), verdict);
    for (const config::Plugin& instance : config::plugin_instances(config)) {
      const auto row = std::ranges::find(rows, instance.plugin, &plugin::PluginInfo::id);
      const auto checked = std::ranges::find(instances, instance.name, &CheckedInstance::name);
      const bool fits = checked != instances.end() && checked->problem.empty();
      if (row != rows.end() && row->state == "loaded" && (fits || is_script_host(row->id)))
        sound.emplace_back(instance, row->file);
    }
  }
  for (const auto& [instance, file] : sound) check_instance(instance, file, verdict);
}

}  // namespace

int config_check_command(const ConfigCheckOptions& options) {
  const TextMap environment = config::process_environment();
  const std::string name = options.file == "-" ? "<stdin>" : options.file;
  const Result<std::string> text = config::read_text(options.file);
  if (!text) return complain(text.error().message, wrong_usage);
  const Result<config::Config> config = config::load_text(*text, name, environment);  // as run does
  Verdict verdict(options.here,
                  [&](const std::string& field) { return config::place_of(field, *text, name, environment); });
  if (!config) {
    // Each line begins with file:line:column, which editors jump to, or with the variable.
    std::fprintf(stderr, "%s\n", config.error().message.c_str());
    const config::Config sound = config::sound_part(*text, name, environment);
    check_secrets(config::named_secrets(sound), verdict, false);
    check_sound_part(sound, config.error().message, verdict);
    return failed;
  }
  for (const std::string& warning : config->warnings) verdict.note(warning);
  check_log_filter(config->log_level, verdict);
  const std::vector<config::SecretReference> secrets = config::named_secrets(*config);
  check_files(*config, secrets, verdict);
  check_audit_file(*config, verdict);
  check_secrets(secrets, verdict);
  check_plugins(*config, verdict);
  if (!verdict.good()) return failed;
  std::printf("%s: no mistakes\n", name.c_str());
  return done;
}

}  // namespace headwind::cli
