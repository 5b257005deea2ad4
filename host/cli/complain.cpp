// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/commands.hpp"

namespace headwind::cli {

int complain(const std::string& sentence, int code) {
  std::fprintf(stderr, "headwind: %s\n", sentence.c_str());
  return code;
}

}  // namespace headwind::cli
