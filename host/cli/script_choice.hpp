// SPDX-License-Identifier: Apache-2.0
// A script in Python as what `headwind plugin check` and `headwind plugin call` are about.
#pragma once
#include <string>

#include "cli/plugin_choice.hpp"
#include "core/result.hpp"

namespace headwind::cli {

// The bundle's plugin that runs policies, and whose file runs notifiers, too.
inline constexpr const char* kPolicyInPython = "headwind.policy.python";

bool is_script(const std::string& plugin);

// Fills in the plugin's id and the settings that name the script. A notifier is told the secrets that `out` holds and,
// where they are made up, those that it reads as secrets["NAME"] or secrets.get("NAME"). Failures are the caller's
// mistakes.
Result<> choose_script(const PluginChoice& choice, ChosenPlugin& out);

}  // namespace headwind::cli
