/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the events from one on. */
#include "right.h"
SEND(send) {
  size_t i;
  (void)self, (void)call;
  for (i = 1; i <= count; ++i) {
    const hw_event* volatile event = events[i];
    (void)event;
  }
  return deliver_all(count, results);
}
ONE_NOTIFIER("test.flawed.reads-past-row", send, NULL)
