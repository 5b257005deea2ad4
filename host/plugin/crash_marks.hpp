// SPDX-License-Identifier: Apache-2.0
// Marks the slot of a thread that dies within a plugin: the handlers of fatal signals and of exit().
#pragma once
#include "plugin/journal_format.hpp"

namespace headwind::plugin::journal {

// Process-wide, once. A signal that another process sent marks nothing. After the mark the signal does what it did
// before; an exit() within a plugin becomes an _exit(1): destructors that run beside living threads would only hang.
void watch_for_crashes();

// The slot that this thread is to be blamed in; null: none. It must stay mapped.
void blame_thread(Record* slot);

// A stack for signal handlers, so that an overflow of the thread's own one can be told. Lives and dies with the thread.
class SignalStack {
 public:
  SignalStack();
  ~SignalStack();
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace headwind::plugin::journal
