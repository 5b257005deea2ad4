// SPDX-License-Identifier: Apache-2.0
#include "plugin/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX does not declare it

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxOutput = 1U << 20U;

class Attributes {
 public:
  explicit Attributes(int standard_output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, standard_output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);  // its own group: whatever it starts is killed with it
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  int spawn(pid_t& process, const std::vector<std::string>& arguments) const {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    return posix_spawn(&process, argv[0], &actions_, &attributes_, argv.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? "signal " + std::to_string(number) : std::string("SIG") + name;
}

Child::Child(const std::vector<std::string>& arguments, std::string& problem) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    problem = std::strerror(errno);
    return;
  }
  pid_t process = -1;
  const int failed = Attributes(ends[1]).spawn(process, arguments);
  close(ends[1]);
  if (failed != 0) {
    problem = std::strerror(failed);
    close(ends[0]);
    return;
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  process_ = process;
  output_ = ends[0];
}

Child::Child(Child&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      output_(std::exchange(other.output_, -1)),
      text_(std::move(other.text_)) {}

Child::~Child() {
  if (process_ == -1) return;
  kill();
  wait();
}

bool Child::read() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(output_, buffer.data(), buffer.size());
    if (got > 0 && text_.size() + static_cast<std::size_t>(got) <= kMaxOutput) {
      text_.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else if (got < 0 && errno == EAGAIN) {
      return true;
    } else {
      return false;  // its end, an error, or a flood
    }
  }
}

void Child::kill() {
  if (process_ > 0) ::kill(-process_, SIGKILL);
}

bool Child::has_ended() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

int Child::wait() {
  if (output_ != -1) close(std::exchange(output_, -1));
  int status = 0;
  const pid_t process = std::exchange(process_, -1);
  while (waitpid(process, &status, 0) == -1 && errno == EINTR) {
  }
  return status;
}

}  // namespace headwind::plugin
