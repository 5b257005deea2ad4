// SPDX-License-Identifier: Apache-2.0
// Whether the files of the configuration have changed, and which.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace headwind::config {

// Of the configuration file (under its own name) and of every file that it names (under "<field> (<file>)"): changes
// with its identity, size and time, symbolic links followed, as those of a mounted ConfigMap or Secret are swapped. The
// content is not read.
using FileStamps = std::map<std::string, std::string>;
FileStamps stamps_of_files(const std::string& file, const Config& config);
// Those that differ, are there no more or are new, in order.
std::vector<std::string> changed_files(const FileStamps& before, const FileStamps& after);

}  // namespace headwind::config
