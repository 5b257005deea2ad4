// SPDX-License-Identifier: Apache-2.0
// `headwind plugin check`: loads a plugin's file as the operator would, and tries each of its plugins.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
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
  std::vector<std::string> only;                // checks, by name, and `load` with them; empty: all
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

// Makes one instance, as at the start, in a process of its own: passed; failed where its settings, or the script that
// they name, are wrong; a warning where it could not be made with what is here. `file` is the plugin's. Of the secrets,
// those without a value are made up; no others are granted. Of this process the same is asked as by check_file.
Finding try_create(const std::filesystem::path& file, const std::string& id, const std::string& settings,
                   const std::map<std::string, std::optional<std::string>>& secrets);

}  // namespace headwind::conformance
