// SPDX-License-Identifier: Apache-2.0
// How much memory a script may hold. Python's allocators ask here; what other libraries allocate is not seen.
#pragma once
#include <cstddef>
#include <cstdint>

namespace headwind::python {

// Of one script, and so of the one thread that runs it.
struct Budget {
  std::int64_t limit = 0, used = 0;
  bool enforced = false;  // a request beyond the limit is refused, and Python raises MemoryError
};

// What this thread allocates and frees from now on is counted there.
void charge(Budget* budget);
// The script's own code is running on this thread.
bool is_enforced();

// Once, between Py_PreInitialize and Py_Initialize.
void watch_allocations();

}  // namespace headwind::python
