// SPDX-License-Identifier: Apache-2.0
#include "testbed/process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

namespace headwind::testbed {
namespace {

constexpr std::chrono::milliseconds kPoll{5};

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> result = more;
  for (char** entry = environ; *entry != nullptr; ++entry) result.emplace_back(*entry);
  return result;  // execvpe takes the first of two equal names where the program uses getenv
}

// Between fork and exec: only calls that are safe after a fork of a threaded program.
[[noreturn]] void become(const Command& command, const std::vector<char*>& arguments,
                         const std::vector<char*>& environment, const char* log, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the line above
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int in = ::open("/dev/null", O_RDONLY);
  const int out = ::open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (in < 0 || out < 0) ::_exit(126);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(out, 2);
  if (!command.directory.empty() && ::chdir(command.directory.c_str()) != 0) ::_exit(126);
  ::execvpe(arguments[0], arguments.data(), environment.data());
  ::_exit(127);
}

}  // namespace

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    stop(std::chrono::seconds(0));
    pid_ = std::exchange(other.pid_, -1);
  }
  return *this;
}

Result<Process> Process::start(const Command& command) {
  const std::vector<char*> arguments = pointers(command.arguments);
  const std::vector<std::string> environment_text = environment_with(command.environment);
  const std::vector<char*> environment = pointers(environment_text);
  const std::string log = command.log.empty() ? "/dev/null" : command.log.string();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(command, arguments, environment, log.c_str(), parent);
  if (child < 0)
    return make_error(Code::unavailable,
                      "cannot start " + command.arguments.front() + ": " + std::strerror(errno) + ".");
  return Process(child);
}

bool Process::running() {
  if (pid_ <= 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void Process::send(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

void Process::stop(std::chrono::milliseconds grace) {
  if (pid_ <= 0) return;
  const pid_t group = pid_;
  if (grace.count() > 0) {
    send(SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + grace;
    while (running() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(kPoll);
  }
  ::kill(-group, SIGKILL);  // what the child left behind, or the child itself
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

Result<std::string> run(const std::vector<std::string>& arguments, const std::filesystem::path& directory) {
  const std::filesystem::path scratch = make_temporary_directory("run");
  auto started = Process::start({arguments, scratch / "output", directory});
  if (!started) return started.error();
  int status = 0;
  const pid_t pid = started->pid();
  const bool reaped = ::waitpid(pid, &status, 0) == pid;
  *started = Process();
  std::ifstream file(scratch / "output", std::ios::binary);
  std::string output((std::istreambuf_iterator<char>(file)), {});
  std::filesystem::remove_all(scratch);
  if (reaped && WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  const std::string tail = output.size() > 2000 ? output.substr(output.size() - 2000) : output;
  return make_error(Code::invalid, arguments.front() + " failed (wait status " + std::to_string(status) + "): " + tail);
}

std::uint16_t free_port() {
  static std::set<std::uint16_t> given;
  for (;;) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(fd);
    if (bound && given.insert(ntohs(address.sin_port)).second) return ntohs(address.sin_port);
  }
}

std::filesystem::path make_temporary_directory(const std::string& prefix) {
  std::string name = (std::filesystem::temp_directory_path() / ("headwind-" + prefix + "-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name + ": " + std::strerror(errno));
  return name;
}

}  // namespace headwind::testbed
