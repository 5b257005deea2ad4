// SPDX-License-Identifier: Apache-2.0
// The files of sdk/templates, as they are there: `headwind plugin new` makes projects of them.
#pragma once
#include <string_view>
#include <vector>

namespace headwind::cli {

struct Template {
  std::string_view path;  // "notifier/c++/sample_notifier.cpp"
  std::string_view text;
};

const std::vector<Template>& templates();

}  // namespace headwind::cli
