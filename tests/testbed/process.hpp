// SPDX-License-Identifier: Apache-2.0
// Child programs of the tests: each in a process group of its own, gone when the test is gone.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace headwind::testbed {

struct Command {
  std::vector<std::string> arguments;         // arguments[0]: the program, by path or by name in PATH
  std::filesystem::path log;                  // stdout and stderr, appended; empty: /dev/null
  std::filesystem::path directory;            // working directory; empty: ours
  std::vector<std::string> environment = {};  // "NAME=value", added to ours
};

// A running child. The kernel kills it (SIGKILL) when the *thread* that started it ends, even by a crash, so start
// children from the main thread. Not copyable; the destructor stops it.
class Process {
 public:
  Process() = default;
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Process& operator=(Process&& other) noexcept;
  ~Process() { stop(std::chrono::seconds(0)); }

  static Result<Process> start(const Command& command);

  pid_t pid() const { return pid_; }
  bool running();               // reaps it when it has ended
  void send(int signal) const;  // to the child alone
  // SIGTERM, then SIGKILL to its whole group after `grace` (at once where it is 0). Returns when it is reaped.
  void stop(std::chrono::milliseconds grace);

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
};

// Runs a program to its end. The error holds its exit status and the end of what it printed.
Result<std::string> run(const std::vector<std::string>& arguments, const std::filesystem::path& directory = {});

// A TCP port of 127.0.0.1 that was free a moment ago, never the same one twice in one program.
std::uint16_t free_port();

// A new directory under the system's one for temporary files.
std::filesystem::path make_temporary_directory(const std::string& prefix);

}  // namespace headwind::testbed
