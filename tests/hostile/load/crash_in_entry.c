/* SPDX-License-Identifier: Apache-2.0 */
#include <headwind/headwind.h>
#include <signal.h>
const hw_module* hw_entry_v1(void) {
  raise(SIGILL);
  return NULL;
}
