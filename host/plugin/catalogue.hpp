// SPDX-License-Identifier: Apache-2.0
// The plugins that were found, and what became of each file.
#pragma once
#include <headwind/headwind.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "plugin/host.hpp"
#include "plugin/search.hpp"

namespace headwind::plugin {

class Catalogue {
 public:
  // Inspects, probes and opens every *.so of the directories.
  void load(const HostOptions& options);

  // The same in three steps, of which the middle one, Search::run, may run on another thread: begin() picks the files
  // that are new or were refused and have changed since; accept() enters what was found, and says how many plugins are
  // new.
  std::shared_ptr<Search> begin(const HostOptions& options);
  std::size_t accept(const Search& search);
  const std::vector<PluginInfo>& rows() const { return rows_; }
  // The plugin with that id; the error names the nearest one.
  struct Entry {
    const hw_plugin* plugin;
    std::string file;
  };
  Result<Entry> find(const std::string& id) const;

 private:
  void refuse(const std::filesystem::path& file, const hw_plugin* plugin, std::string reason);
  std::size_t add(const std::filesystem::path& file, const hw_module& module);
  void tell_change(const std::string& file);
  void forget(const std::string& file);

  struct File {
    std::uint64_t stamp = 0;  // of its size and time, when it was looked at
    bool loaded = false;
  };
  std::map<std::string, File> files_;
  std::vector<PluginInfo> rows_;
  std::map<std::string, Entry, std::less<>> plugins_;
};

}  // namespace headwind::plugin
