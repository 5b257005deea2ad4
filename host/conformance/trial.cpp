// SPDX-License-Identifier: Apache-2.0
#include "conformance/trial.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "conformance/lent.hpp"
#include "core/text.hpp"
#include "plugin/child.hpp"

namespace headwind::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMaxPlace = 400, kMaxSentence = 128U << 10U;

// What the child tells while it lives, for when it no longer does.
struct Shared {
  std::array<char, kMaxPlace> place;
  volatile sig_atomic_t touched_lent, read_on;  // what was taken back; beyond the end
};
Shared* shared = nullptr;

void note_fault(int number, siginfo_t* info, void*) {
  if (shared != nullptr && is_lent_address(info->si_addr)) {
    shared->read_on = is_right_behind_lent(info->si_addr) ? 1 : 0;
    shared->touched_lent = 1;
  }
  std::signal(number, SIG_DFL);  // and again: the instruction is repeated
}

void prepare_to_die() {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  for (const int number : {SIGABRT, SIGILL, SIGFPE, SIGTERM, SIGINT}) std::signal(number, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  static std::array<char, 64U << 10U> stack;  // a fault may be the overflow of the usual one
  const stack_t other{stack.data(), 0, stack.size()};
  sigaltstack(&other, nullptr);
  struct sigaction action{};
  action.sa_sigaction = note_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
  if (const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC); nothing >= 0)
    for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, file);
}

[[noreturn]] void be_child(int answer, const std::function<Finding()>& check) {
  prepare_to_die();
  Finding finding;
  try {
    finding = check();
  } catch (const std::exception& bug) {
    finding = failed(std::string("the check itself could not go on: ") + bug.what());
  }
  const std::string text =
      static_cast<char>('0' + static_cast<int>(finding.outcome)) + printable(finding.sentence, kMaxSentence) + '\n';
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = write(answer, text.data() + at, text.size() - at);
    if (written <= 0) break;
    at += static_cast<std::size_t>(written);
  }
  _exit(0);
}

std::string place() {
  const std::string_view text(shared->place.data(), strnlen(shared->place.data(), kMaxPlace));
  return text.empty() ? "while it was loaded" : "in " + std::string(text);
}

Finding end_of(int status) {
  if (WIFSIGNALED(status) && shared->read_on != 0)
    return failed(
        "crashed with " + plugin::signal_name(WTERMSIG(status)) + " " + place() +
        ": it read beyond the end of a text or an array that the host had lent; mind len and count, and use no "
        "C string functions on hw_str");
  if (WIFSIGNALED(status) && shared->touched_lent != 0)
    return failed("crashed with " + plugin::signal_name(WTERMSIG(status)) + " " + place() +
                  ": it read what the host had lent for a call that was over, or far beyond its end; copy what is "
                  "kept, mind the lengths, and end every thread before the call that started it");
  if (WIFSIGNALED(status))
    return failed("crashed with " + plugin::signal_name(WTERMSIG(status)) + " " + place() +
                  "; run it under a debugger or AddressSanitizer with the same input");
  return failed("ended its process with exit code " + std::to_string(WEXITSTATUS(status)) + " " + place() +
                "; a plugin must not call exit");
}

// Reads the child's answer until it ends, or `limit`. False where it did not end.
bool listen(int file, milliseconds limit, std::string& text) {
  const auto end = steady_clock::now() + limit;
  std::array<char, 4096> buffer{};
  while (text.find('\n') == std::string::npos && text.size() <= 2 * kMaxSentence) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
    pollfd wanted{file, POLLIN, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(std::clamp<long long>(left, 0, 600'000)));
    if (ready == 0 && steady_clock::now() >= end) return false;
    if (ready <= 0) continue;
    const ssize_t got = read(file, buffer.data(), buffer.size());
    if (got == 0) return true;
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

// Its output has ended, even on purpose.
bool ends_soon(pid_t child) {
  for (int i = 0; i < 200; ++i) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0)
      return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

}  // namespace

Finding try_apart(milliseconds limit, const std::function<Finding()>& check) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  std::array<int, 2> ends{-1, -1};
  if (memory == MAP_FAILED || pipe2(ends.data(), O_CLOEXEC) != 0)
    return failed(std::string("no process can be started for the check: ") + std::strerror(errno));
  shared = static_cast<Shared*>(memory);
  const pid_t child = fork();
  if (child == 0) be_child(ends[1], check);
  close(ends[1]);
  std::string text;
  const bool ended = child > 0 && listen(ends[0], limit, text);
  close(ends[0]);
  Finding finding = failed("no process can be started for the check");
  if (child > 0) {
    int status = 0;
    // Its answer is its last word; without one it is ending by itself, or has to be ended.
    if (!ended || !text.empty() || !ends_soon(child)) {
      kill(-child, SIGKILL);
      kill(child, SIGKILL);
    }
    while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
    }
    kill(-child, SIGKILL);  // what it started
    if (text.ends_with('\n') && text.size() >= 2) {
      finding = {static_cast<Outcome>(std::clamp(text.front() - '0', 0, 3)), text.substr(1, text.size() - 2)};
    } else if (!ended) {
      finding = failed("did not come back within " + std::to_string(limit.count()) + " ms " + place() +
                       "; watch call->deadline_ms and host->cancelled in every loop and before every wait");
    } else {
      finding = end_of(status);
    }
    finding.died = text.empty();
  }
  munmap(memory, sizeof(Shared));
  shared = nullptr;
  return finding;
}

void enter_place(std::string_view place) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (shared == nullptr) return;
  const std::size_t size = std::min(place.size(), kMaxPlace - 1);
  std::memcpy(shared->place.data(), place.data(), size);
  shared->place[size] = '\0';
}

}  // namespace headwind::conformance
