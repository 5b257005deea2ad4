// SPDX-License-Identifier: Apache-2.0
// Called as the host calls itself: test_plugin_probe plugin probe --json FILE
#include "plugin/host.hpp"

int main(int argc, char** argv) { return argc >= 5 ? headwind::plugin::probe_main({argv + 4, argv + argc}) : 2; }
