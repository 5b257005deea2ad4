// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>

namespace CLI {
class App;
}

namespace headwind::cli {

// `headwind plugin check` below `headwind plugin`. Where it is chosen, it becomes `command`.
void add_plugin_check(CLI::App& plugin, std::function<int()>& command);

}  // namespace headwind::cli
