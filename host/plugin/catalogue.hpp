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
  Result<const hw_plugin*> find(const std::string& id) const;

 private:
  struct Entry {
    const hw_plugin* plugin;
    std::string file;
  };
  void refuse(const std::filesystem::path& file, const hw_plugin* plugin, std::string reason);
  void add(const std::filesystem::path& file);

  std::vector<PluginInfo> rows_;
  std::map<std::string, Entry, std::less<>> plugins_;
};

}  // namespace headwind::plugin
