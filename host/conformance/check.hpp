// SPDX-License-Identifier: Apache-2.0
// `headwind plugin check`: loads a plugin's file as the operator would, and tries each of its plugins.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/finding.hpp"
#include "core/result.hpp"

namespace headwind::conformance {

struct CheckOptions {
  std::filesystem::path file;                   // a shared object
  std::filesystem::path executable;             // this program, for the probing child
  std::string plugin;                           // an id; empty: every plugin in the file
  std::map<std::string, std::string> settings;  // by id, or "" for every plugin; others are made up from the schema
  std::vector<std::string> only;                // checks of plugins, by name; empty: all
  std::map<std::string, std::string> secrets;   // others are made up
  bool script = false;                          // the settings name a script, and that is what is checked
  std::chrono::milliseconds limit{20'000};      // of one check
};

// Their names, in order.
std::vector<std::string> check_names();

struct Row {
  std::string plugin;  // its id; empty: about the file
  std::string check, asks;
  Finding finding;
  std::chrono::milliseconds took{0};
};

// Runs the checks one after the other, each in a process of its own. This process must have no other thread. The error
// is that of an option: there is no such plugin in the file. `tell` hears of each row as soon as it is known.
Result<std::vector<Row>> check_file(const CheckOptions& options, const std::function<void(const Row&)>& tell);

// Loads a script as its plugin does when an instance is made, once, in a process of its own: passed, or failed with
// what is wrong with it. `file` is the plugin's, `settings` name the script. Of this process the same is asked.
Finding try_script(const std::filesystem::path& file, const std::string& id, const std::string& settings);

}  // namespace headwind::conformance
