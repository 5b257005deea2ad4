// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace headwind::cli {

// The program: parses argv, runs one command, returns the exit code. No argument means `run` on environment and
// defaults.
int run(int argc, char** argv);

}  // namespace headwind::cli
