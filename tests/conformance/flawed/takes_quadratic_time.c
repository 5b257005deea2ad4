/* SPDX-License-Identifier: Apache-2.0 */
/* Takes as long as a comparison of each tag with each other would, 25 ns for one of them. It sleeps for that long, so
 * that fast processors find no less. */
#define _POSIX_C_SOURCE 199309L /* nanosleep */
#include <time.h>

#include "right.h"
CHOOSE(choose) {
  const uint64_t ns = (uint64_t)candidates->count * candidates->count * 25;
  struct timespec pause;
  pause.tv_sec = (time_t)(ns / 1000000000u);
  pause.tv_nsec = (long)(ns % 1000000000u);
  nanosleep(&pause, NULL);
  return hold_all(self, call, query, candidates, out, why, verdicts);
}
ONE_POLICY("test.flawed.takes-quadratic-time", choose)
