// SPDX-License-Identifier: Apache-2.0
// The thread of one script. Whoever asks waits for the limit only: a script that loops is interrupted at its next line,
// one that sleeps keeps the thread, but nobody waits for it.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace headwind::python {

struct Interpreter;

class Worker {
 public:
  struct State;
  // What is run, with the interpreter held. It must not throw.
  using Work = std::function<void()>;

  // `whereabouts`, with the interpreter held: at which line the thread is; or empty.
  Worker(const Interpreter& interpreter, std::size_t memory, std::function<std::string(unsigned long)> whereabouts);
  ~Worker();  // ends the thread; one that does not come back is left behind
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  enum class End : unsigned char {
    done,
    overrun,     // it goes on; `where` tells at which line, if anybody could look
    occupied,    // an earlier one goes on, at `where`; this one was not begun
    not_started  // the interpreter was not free; it will not start any more
  };
  End run(Work work, std::chrono::milliseconds limit, std::string& where);

  // For Work: while it lives, the script's own code runs, which may be interrupted and has a limit of memory.
  class Guarded {
   public:
    explicit Guarded(State& state, std::int64_t spare_memory = 0);
    ~Guarded();
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;

   private:
    State& state_;
    const std::int64_t spare_memory_;
  };
  State& state() { return *state_; }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace headwind::python
