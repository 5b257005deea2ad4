/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <headwind/headwind.h>
#include <unistd.h>
const hw_module* hw_entry_v1(void) {
  for (;;) pause();
}
