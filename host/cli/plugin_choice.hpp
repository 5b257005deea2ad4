// SPDX-License-Identifier: Apache-2.0
// Which plugin `headwind plugin check` and `headwind plugin call` are about, and what it is given.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/result.hpp"

namespace CLI {
class App;
}

namespace headwind::cli {

struct PluginChoice {       // as the command line has it
  std::string plugin;       // a shared object, a script in Python, or the id of a plugin in the plugin directories
  std::string id;           // which of the file's plugins; empty: it has one, or all are meant
  std::string settings;     // JSON object
  std::string config_file;  // with an instance that has the settings
  std::string instance;     // its name; empty: the one of this plugin
  std::string callable;     // of a script; empty: what is defined there
  std::vector<std::string> secrets;  // "url=file:/run/url", "url=env:URL"
  bool secrets_made_up = false;      // where none is given: a script is told those that it reads by name
};

struct ChosenPlugin {
  std::filesystem::path file;                        // the shared object
  std::string id;                                    // or empty, as above
  std::map<std::string, std::string> settings;       // by id; "": of any
  std::map<std::string, config::Plugin> configured;  // the instances that these are of, by id
  std::map<std::string, std::string> secrets;        // those of the command line, read
  bool script = false;                               // the settings name a script in Python
  config::Config config;
};

// The options of both commands.
void add_plugin_choice(CLI::App& command, PluginChoice& choice);

// A failure is the caller's mistake.
Result<ChosenPlugin> chosen_plugin(const PluginChoice& choice);

}  // namespace headwind::cli
