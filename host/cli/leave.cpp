// SPDX-License-Identifier: Apache-2.0
#include "cli/leave.hpp"

#include <unistd.h>

#include <cstdio>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define HEADWIND_LEAK_CHECK 1
#endif
#endif

namespace headwind::cli {

void leave(int code) {
  std::fflush(stdout);
  std::fflush(stderr);
#if defined(HEADWIND_LEAK_CHECK)
  __lsan_do_leak_check();
#endif
  _exit(code);
}

}  // namespace headwind::cli
