// SPDX-License-Identifier: Apache-2.0
// An exception where none may pass: std::terminate.
#include "call/flawed.h"
static void throws() noexcept {
  const auto raise = [](int what) { throw what; };
  raise(42);
}
SEND(self, call, events, count, results) {
  (void)self, (void)call, (void)events, (void)count, (void)results;
  throws();
  return HW_OK;
}
FLAWED_NOTIFIER("test.hostile.terminate", nullptr)
