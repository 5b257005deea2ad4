// SPDX-License-Identifier: Apache-2.0
// The C library's allocator, told what this program is like: pages of a list are megabytes for a moment, what is kept
// of them is small and stays. Left alone, it keeps tens of MiB of what the pages took.
#pragma once

namespace headwind::app {

// Once, before other threads start. Until settle_heap() large blocks are kept for the next page: a start that takes
// each of them from the system spends a seventh of its time on clearing memory.
void set_up_heap();
// Once the first lists are read: from now on large blocks come from the system and go back there.
void settle_heap();
// After a list: free memory between what is kept goes back, too.
void give_back_memory();

}  // namespace headwind::app
