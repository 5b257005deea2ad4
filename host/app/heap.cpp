// SPDX-License-Identifier: Apache-2.0
#include "app/heap.hpp"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace headwind::app {

#ifdef __GLIBC__
// Setting either ends glibc's habit of raising both with every large block that is freed.
void set_up_heap() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most it takes
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  // One for the loop, one for all plugin workers: what a worker makes, the loop often keeps.
  mallopt(M_ARENA_MAX, 2);
}
void settle_heap() {
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
  give_back_memory();
}
void give_back_memory() { malloc_trim(0); }
#else
void set_up_heap() {}
void settle_heap() {}
void give_back_memory() {}
#endif

}  // namespace headwind::app
