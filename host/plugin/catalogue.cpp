// SPDX-License-Identifier: Apache-2.0
#include "plugin/catalogue.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/journal.hpp"
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

// The plugin that is missed may be in one of them: what it would have been called is not known.
std::string refused_files(const std::vector<PluginInfo>& rows) {
  constexpr std::size_t most_named = 3;
  std::vector<std::string> names;
  for (const PluginInfo& row : rows)
    if (row.state == "refused" && row.id.empty())
      names.push_back(printable(std::filesystem::path(row.file).filename().string(), HW_MAX_NAME));
  if (names.empty()) return {};
  const std::size_t more = names.size() - std::min(names.size(), most_named);
  names.resize(names.size() - more);
  return " (refused: " + join(names) + (more == 0 ? "" : " and " + std::to_string(more) + " more files") + ")";
}

}  // namespace

void Catalogue::load(const HostOptions& options) {
  const std::shared_ptr<Search> search = begin(options);
  search->run();
  accept(*search);
}

std::shared_ptr<Search> Catalogue::begin(const HostOptions& options) {
  auto search = std::make_shared<Search>(options);
  std::set<std::string> present;
  for (auto& file : list_files(options.directories)) {
    const std::string name = file.string();
    present.insert(name);
    const std::uint64_t stamp = fingerprint_of(file);
    const auto [known, is_new] = files_.try_emplace(name);
    if (!is_new && known->second.stamp == stamp) continue;
    known->second.stamp = stamp;  // a change is told, or looked at, once
    if (known->second.loaded) {
      tell_change(name);
    } else {
      forget(name);
      search->add(std::move(file));
    }
  }
  // Those that were refused and are gone. What is loaded stays mapped.
  std::erase_if(files_, [&](const auto& one) {
    if (one.second.loaded || present.contains(one.first)) return false;
    forget(one.first);
    return true;
  });
  return search;
}

void Catalogue::tell_change(const std::string& file) {
  telemetry::warn("plugin", "a loaded plugin file has changed; restart to load the new one", {{"file", file}});
  for (PluginInfo& row : rows_)
    if (row.file == file && row.state == "loaded")
      row.reason = "the file has changed since it was loaded; restart Headwind to load the new one";
}

void Catalogue::forget(const std::string& file) {
  std::erase_if(rows_, [&](const PluginInfo& row) { return row.file == file; });
}

std::size_t Catalogue::accept(const Search& search) {
  std::size_t loaded = 0;
  for (const auto& [file, module] : search.found()) {
    if (module) {
      loaded += add(file, **module);
    } else {
      refuse(file, nullptr, module.error().message);
    }
  }
  return loaded;
}

std::size_t Catalogue::add(const std::filesystem::path& file, const hw_module& module) {
  std::size_t loaded = 0;
  files_[file.string()].loaded = true;
  for (std::uint32_t i = 0; i < module.plugin_count; ++i) {
    const hw_plugin* plugin = module.plugins[i];
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
    ++loaded;
  }
  return loaded;
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
                                                       : "; did you mean \"" + std::string(near) + "\"?") +
                                         refused_files(rows_));
}

}  // namespace headwind::plugin
