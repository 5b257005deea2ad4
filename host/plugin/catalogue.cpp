// SPDX-License-Identifier: Apache-2.0
#include "plugin/catalogue.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/inspect.hpp"
#include "plugin/journal.hpp"
#include "plugin/module.hpp"
#include "plugin/probe.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {

// The *.so of a directory, sorted by name; or the file itself, where it is one.
std::vector<std::filesystem::path> files_at(const std::filesystem::path& place) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(place, failed)) return {place};
  failed.clear();
  std::vector<std::filesystem::path> files;
  for (auto entry = std::filesystem::directory_iterator(place, failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    if (entry->path().extension() == ".so") files.push_back(entry->path());
  }
  if (failed)
    telemetry::warn("plugin", "a plugin directory cannot be read",
                    {{"directory", place.string()}, {"error", failed.message()}});
  std::ranges::sort(files);
  return files;
}

// Place by place; a file that is reached twice counts once.
std::vector<std::filesystem::path> list_files(const std::vector<std::filesystem::path>& places) {
  std::vector<std::filesystem::path> out;
  std::set<std::filesystem::path> seen;
  for (const auto& place : places) {
    for (auto& file : files_at(place)) {
      std::error_code unresolved;
      const auto canonical = std::filesystem::canonical(file, unresolved);
      if (seen.insert(unresolved ? file : canonical).second) out.push_back(std::move(file));
    }
  }
  return out;
}

std::vector<Result<>> examine(const HostOptions& options, const std::vector<std::filesystem::path>& files) {
  if (!options.executable.empty()) return probe_all(options.executable, files, options.probe_timeout);
  std::vector<Result<>> out;
  out.reserve(files.size());
  for (const auto& file : files) out.push_back(inspect(file));
  return out;
}

PluginInfo describe(const std::filesystem::path& file, const hw_plugin* plugin) {
  PluginInfo info;
  info.file = file.string();
  if (plugin == nullptr) return info;
  info.id = view(plugin->id);
  info.version = view(plugin->version);
  info.kind = to_string(Kind{plugin->kind});
  info.summary = printable(view(plugin->summary));
  return info;
}

}  // namespace

void Catalogue::load(const HostOptions& options) {
  const std::vector<std::filesystem::path> files = list_files(options.directories);
  const std::vector<Result<>> answers = examine(options, files);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (answers[i]) {
      add(files[i], options.journal);
    } else {
      refuse(files[i], nullptr, answers[i].error().message);
    }
  }
}

void Catalogue::add(const std::filesystem::path& file, const std::shared_ptr<Journal>& journal) {
  // What the child has survived may still crash here.
  const Culprit culprit = journal ? make_culprit("file:" + file.filename().string(), fingerprint_of(file)) : Culprit{};
  if (journal) {
    if (const auto quarantine = journal->quarantine(culprit, system_clock().unix_ms())) {
      refuse(file, nullptr, file.filename().string() + " is not loaded: " + quarantine->sentence());
      return;
    }
  }
  const Result<const hw_module*> opened = [&] {
    const Journal::Entry entry(journal, culprit, "load");
    return open_module(file);
  }();
  if (!opened) {
    refuse(file, nullptr, opened.error().message);
    return;
  }
  for (std::uint32_t i = 0; i < (*opened)->plugin_count; ++i) {
    const hw_plugin* plugin = (*opened)->plugins[i];
    const auto [entry, is_new] = plugins_.try_emplace(std::string(view(plugin->id)), Entry{plugin, file.string()});
    if (!is_new) {
      refuse(file, plugin,
             file.filename().string() + " offers " + entry->first + ", which " + entry->second.file +
                 " offers already; remove one of the two");
      continue;
    }
    PluginInfo info = describe(file, plugin);
    info.state = "loaded";
    rows_.push_back(std::move(info));
  }
}

void Catalogue::refuse(const std::filesystem::path& file, const hw_plugin* plugin, std::string reason) {
  telemetry::error("plugin", "a plugin was refused", {{"file", file.string()}, {"reason", reason}});
  PluginInfo info = describe(file, plugin);
  info.state = "refused";
  info.reason = std::move(reason);
  rows_.push_back(std::move(info));
}

Result<Catalogue::Entry> Catalogue::find(const std::string& id) const {
  if (const auto found = plugins_.find(id); found != plugins_.end()) return found->second;
  std::vector<std::string_view> known;
  for (const auto& [name, entry] : plugins_) known.push_back(name);
  const std::string_view near = nearest(id, known);
  return make_error(Code::not_found, "there is no plugin \"" + printable(id, HW_MAX_NAME) + "\"" +
                                         (near.empty() ? "; see `headwind plugin list`"
                                                       : "; did you mean \"" + std::string(near) + "\"?"));
}

}  // namespace headwind::plugin
