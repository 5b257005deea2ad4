// SPDX-License-Identifier: Apache-2.0
// The plugins that were found, and what became of each file.
#pragma once
#include <headwind/headwind.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "plugin/host.hpp"

namespace headwind::plugin {

class Catalogue {
 public:
  // Inspects, probes and opens every *.so of the directories.
  void load(const HostOptions& options);
  const std::vector<PluginInfo>& rows() const { return rows_; }
  // The plugin with that id; the error names the nearest one.
  struct Entry {
    const hw_plugin* plugin;
    std::string file;
  };
  Result<Entry> find(const std::string& id) const;

 private:
  void refuse(const std::filesystem::path& file, const hw_plugin* plugin, std::string reason);
  void add(const std::filesystem::path& file, const std::shared_ptr<Journal>& journal);

  std::vector<PluginInfo> rows_;
  std::map<std::string, Entry, std::less<>> plugins_;
};

}  // namespace headwind::plugin
