/* SPDX-License-Identifier: Apache-2.0 */
/* Behaves while it is probed, and crashes where it is loaded in earnest. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include "load/policy.h"
static const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.beyond-probe"), NO_SCHEMA, &api);
STATIC_MODULE(plugin)
__attribute__((constructor)) static void crash(void) {
  char line[4096] = {0};
  const int file = open("/proc/self/cmdline", O_RDONLY);
  ssize_t got = read(file, line, sizeof line - 1), i;
  for (i = 0; i + 6 < got; ++i)
    if (memcmp(line + i, "probe", 6) == 0) return;
  raise(SIGSEGV);
}
