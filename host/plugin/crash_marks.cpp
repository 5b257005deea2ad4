// SPDX-License-Identifier: Apache-2.0
#include "plugin/crash_marks.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>

namespace headwind::plugin::journal {
namespace {

// Part of the program itself, so a handler reads it without any allocation.
constinit thread_local Record* blamed = nullptr;
std::atomic_flag someone_is_blamed = ATOMIC_FLAG_INIT;  // who dies next only follows
std::array<struct sigaction, NSIG> former{};

// All that follows, up to on_signal, is safe in a signal handler.
class Line {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      if (used_ < bytes_.size()) bytes_[used_++] = c;
    }
  }
  void print() const {
    const ssize_t ignored = write(STDERR_FILENO, bytes_.data(), used_);
    (void)ignored;
  }

 private:
  std::array<char, 256> bytes_{};
  std::size_t used_ = 0;
};

// False where the thread was not within a plugin.
bool mark(std::uint32_t what) {
  Record* const slot = blamed;
  if (slot == nullptr || std::atomic_ref(slot->state).load() != kBusy) return false;
  if (someone_is_blamed.test_and_set()) return true;
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  slot->crashed_ms = static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
  std::atomic_ref(slot->mark).store(what);
  Line line;
  line.add("headwind: ");
  line.add(mark_name(what));
  line.add(" within the plugin instance ");
  line.add(slot->name.data());
  line.add(", function ");
  line.add(slot->function.data());
  line.add("; the next start counts it\n");
  line.print();
  return true;
}

void on_signal(int number, siginfo_t* info, void*) {
  const bool sent = info->si_code <= 0;  // by kill and its kin, such as abort() of this process
  if (!sent || info->si_pid == getpid()) mark(static_cast<std::uint32_t>(number));
  sigaction(number, &former[static_cast<std::size_t>(number)], nullptr);
  raise(number);  // delivered when this handler returns
}

void on_exit() {
  if (mark(kExited)) _exit(EXIT_FAILURE);
}

// exit() first ends the thread-local objects of the thread that calls it. The handlers of atexit come later, those of
// statics that were made after them first, and meanwhile other threads go on with what is being destroyed.
struct EndOfThread {
  ~EndOfThread() { on_exit(); }
};

}  // namespace

void watch_for_crashes() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action{};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (const int number : fatal_signals()) sigaddset(&action.sa_mask, number);
    for (const int number : fatal_signals()) sigaction(number, &action, &former[static_cast<std::size_t>(number)]);
    std::atexit(on_exit);
    std::at_quick_exit(on_exit);
  });
}

void blame_thread(Record* slot) {
  static thread_local const EndOfThread watched;
  blamed = slot;
}

SignalStack::SignalStack() {
  stack_t present{};
  if (sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;  // a sanitizer's
  const std::size_t size = std::max<std::size_t>(64U << 10U, static_cast<std::size_t>(SIGSTKSZ));
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = size;
  if (sigaltstack(&stack, nullptr) != 0) {
    munmap(memory, size);
    return;
  }
  memory_ = memory;
  size_ = size;
}

SignalStack::~SignalStack() {
  if (memory_ == nullptr) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  munmap(memory_, size_);
}

}  // namespace headwind::plugin::journal
