// SPDX-License-Identifier: Apache-2.0
#include "kube/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>

#include "core/text.hpp"

namespace headwind::kube {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMost = 1U << 20U;
constexpr std::chrono::milliseconds kPoll{10};
constexpr int kPollsAfterExit = 50;  // for output that is still in the pipe, or held open by a grandchild

struct Pipe {
  explicit Pipe(const Executor& executor) : descriptor(executor) {}
  asio::posix::stream_descriptor descriptor;
  std::string text;
  bool ended = false;
  bool too_large = false;
};

// Reads to the end; what exceeds the limit is dropped, so the child never blocks on a full pipe.
Task<> drain(std::shared_ptr<Pipe> pipe) {
  std::array<char, 4096> chunk{};
  for (;;) {
    boost::system::error_code failure;
    const std::size_t size = co_await pipe->descriptor.async_read_some(
        asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, failure));
    if (failure) break;
    if (pipe->text.size() + size > kMost) pipe->too_large = true;
    if (!pipe->too_large) pipe->text.append(chunk.data(), size);
  }
  pipe->ended = true;
}

// Kills and reaps whatever is left when the waiting coroutine ends, also when it is cancelled.
struct Child {
  pid_t pid = -1;
  int status = 0;
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { kill_group(); }

  bool ended() {
    if (pid > 0 && ::waitpid(pid, &status, WNOHANG) == pid) pid = -1;
    return pid <= 0;
  }
  void kill_group() {
    if (pid <= 0) return;
    ::kill(-pid, SIGKILL);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
    pid = -1;
  }
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

// `ours` with the entries of `over` above them.
std::vector<std::string> merged_environment(std::vector<std::string> over) {
  const std::size_t count = over.size();
  for (char** entry = environ; *entry != nullptr; ++entry) {
    bool hidden = false;
    for (std::size_t i = 0; i < count; ++i) hidden = hidden || name_of(over[i]) == name_of(*entry);
    if (!hidden) over.emplace_back(*entry);
  }
  return over;
}

int start(std::vector<std::string>& command, std::vector<std::string> environment, int out, int err, pid_t& pid) {
  environment = merged_environment(std::move(environment));
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  sigset_t none;
  sigset_t usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);  // we ignore it, a child does not expect that
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const std::vector<char*> arguments = pointers(command);
  const std::vector<char*> variables = pointers(environment);
  const int failure = ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failure;
}

std::string tail(const std::string& text) {
  const std::string_view trimmed = trim(text);
  return printable(trimmed.substr(trimmed.size() > 400 ? trimmed.size() - 400 : 0), 400);
}

}  // namespace

Task<Result<std::string>> run_child(Executor executor, std::vector<std::string> command,
                                    std::vector<std::string> environment, std::chrono::milliseconds limit) {
  const std::string name = command.front();
  int out[2];
  int err[2];
  if (::pipe2(out, O_CLOEXEC) != 0)
    co_return make_error(Code::unavailable, std::string("no pipe: ") + std::strerror(errno));
  if (::pipe2(err, O_CLOEXEC) != 0) {
    const std::string why = std::strerror(errno);
    ::close(out[0]);
    ::close(out[1]);
    co_return make_error(Code::unavailable, "no pipe: " + why);
  }
  Child child;
  const int failure = start(command, std::move(environment), out[1], err[1], child.pid);
  ::close(out[1]);
  ::close(err[1]);
  auto output = std::make_shared<Pipe>(executor);
  auto errors = std::make_shared<Pipe>(executor);
  output->descriptor.assign(out[0]);
  errors->descriptor.assign(err[0]);
  if (failure != 0) {
    child.pid = -1;
    co_return make_error(Code::invalid, "cannot run " + name + ": " + std::strerror(failure));
  }
  spawn(executor, "kube child output", drain(output));
  spawn(executor, "kube child errors", drain(errors));

  const auto deadline = std::chrono::steady_clock::now() + limit;
  bool late = false;
  while (!child.ended() && !late) {
    co_await sleep_for(kPoll);
    late = std::chrono::steady_clock::now() > deadline;
  }
  child.kill_group();
  for (int i = 0; i < kPollsAfterExit && !(output->ended && errors->ended); ++i) co_await sleep_for(kPoll);
  boost::system::error_code ignored;
  output->descriptor.close(ignored);
  errors->descriptor.close(ignored);

  const std::string said = tail(errors->text).empty() ? std::string() : "; it said: " + tail(errors->text);
  if (late)
    co_return make_error(Code::unavailable,
                         name + " did not end within " + std::to_string(limit.count() / 1000) + " s" + said);
  if (!WIFEXITED(child.status) || WEXITSTATUS(child.status) != 0) {
    const std::string how = WIFEXITED(child.status) ? "status " + std::to_string(WEXITSTATUS(child.status))
                                                    : "signal " + std::to_string(WTERMSIG(child.status));
    co_return make_error(Code::denied, name + " ended with " + how + said);
  }
  if (output->too_large) co_return make_error(Code::invalid, name + " wrote more than 1 MiB");
  co_return std::move(output->text);
}

}  // namespace headwind::kube
