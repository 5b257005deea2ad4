// SPDX-License-Identifier: Apache-2.0
#include <headwind/headwind.h>
#include <stdexcept>
extern "C" const hw_module* hw_entry_v1(void) { throw std::runtime_error("a bug"); }
