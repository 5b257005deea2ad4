/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps a pointer to the text of an event, and reads it when the next one comes. */
#include "right.h"
static const char* kept;
SEND(send) {
  (void)self, (void)call;
  if (kept != NULL && *kept == '\n') return HW_INVALID;
  kept = events[0]->subject.ptr;
  return deliver_all(count, results);
}
ONE_NOTIFIER("test.flawed.keeps-text", send, NULL)
