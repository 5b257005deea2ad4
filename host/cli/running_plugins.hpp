// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace headwind::cli {

// `headwind plugin list --api URL`: what the operator behind that approval API has loaded, and its instances. The token
// of HEADWIND_TOKEN goes along, over http only to this machine.
int running_plugins_command(const std::string& api_url, bool json);

}  // namespace headwind::cli
