// SPDX-License-Identifier: Apache-2.0
// A value that belongs to a coroutine and to all that it awaits, as a thread-local belongs to a thread: whoever is
// called below may ask for it, and no function between has to hand it on. What spawn() starts begins with the value of
// whoever starts it, and changes its own copy only.
#pragma once
#include <memory>

#include "core/async.hpp"

namespace headwind {

using LocalValue = std::shared_ptr<void>;
struct LocalCell;  // the place of one coroutine's value

// Of the coroutine that runs on this thread now, or null.
LocalValue local_value();

// Sets it while this object lives: an ordinary variable of a coroutine, never moved. No effect in a coroutine that
// spawn() has not started, which has no place for a value.
class LocalScope {
 public:
  explicit LocalScope(LocalValue value);
  ~LocalScope();
  LocalScope(const LocalScope&) = delete;
  LocalScope& operator=(const LocalScope&) = delete;

 private:
  LocalCell* cell_;
  LocalValue former_;
};

// The same for a plain function on a thread of its own, such as a plugin's worker.
class LocalThread {
 public:
  explicit LocalThread(LocalValue value);
  ~LocalThread();
  LocalThread(const LocalThread&) = delete;
  LocalThread& operator=(const LocalThread&) = delete;

 private:
  std::unique_ptr<LocalCell> cell_;
  LocalCell* former_;
};

// `executor` for one coroutine that has a place of its own for a value, and begins with the present one: spawn() uses
// it. Work that is handed to it runs as a part of that coroutine.
Executor with_local_value(const Executor& executor);

}  // namespace headwind
