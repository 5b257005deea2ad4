/* SPDX-License-Identifier: Apache-2.0 */
/* Sleeps for a second and a half, whoever asks it to stop. */
#define _DEFAULT_SOURCE
#include <unistd.h>
#include "right.h"
SEND(send) {
  (void)self, (void)call, (void)events;
  usleep(1500 * 1000);
  return deliver_all(count, results);
}
ONE_NOTIFIER("test.flawed.ignores-cancel", send, NULL)
