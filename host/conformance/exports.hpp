// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace headwind::conformance {

// What a shared object that plugin::inspect has passed lets others link with, beside the entry.
std::vector<std::string> other_exports(const std::filesystem::path& file);

}  // namespace headwind::conformance
