// SPDX-License-Identifier: Apache-2.0
#include "cli/call_apart.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "cli/commands.hpp"
#include "core/text.hpp"
#include "plugin/child.hpp"

namespace headwind::cli {
namespace {

constexpr std::size_t longest_plugin = 300, longest_function = 40;

template <std::size_t Size>
void keep(std::array<char, Size>& where, std::string_view text) {
  const std::size_t size = std::min(text.size(), Size - 1);
  std::memcpy(where.data(), text.data(), size);
  where[size] = '\0';
}

// Destructors beside living threads would only hang; and the code is whatever the plugin gave.
void leave_at_once() { _exit(EXIT_FAILURE); }

std::string how(int status) {
  if (!WIFSIGNALED(status)) return "ended its process with exit code " + std::to_string(WEXITSTATUS(status));
  return "crashed with " + plugin::signal_name(WTERMSIG(status));
}

}  // namespace

struct CallPlace::Shared {
  std::array<char, longest_plugin> plugin;
  std::array<char, longest_function> function;
  std::atomic<bool> finished, exited;

  std::string where(const std::filesystem::path& file) const {
    std::string out = printable(file.string(), 500);
    if (plugin.front() != '\0') out += ", plugin " + printable(plugin.data(), longest_plugin);
    return out;
  }
  std::string doing() const {
    return function.front() == '\0' ? std::string("while it was loaded") : "in " + std::string(function.data());
  }
};

void CallPlace::Unmap::operator()(Shared* shared) const { munmap(shared, sizeof(Shared)); }

CallPlace::CallPlace() {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) shared_.reset(new (memory) Shared{});
}

void CallPlace::enter(std::string_view plugin, std::string_view function) {
  keep(shared_->plugin, plugin);
  keep(shared_->function, function);
}

void CallPlace::finish() { shared_->finished = true; }

int call_apart(const std::filesystem::path& file, const std::function<void(CallPlace&)>& work) {
  CallPlace place;
  std::fflush(stdout);
  std::fflush(stderr);
  const pid_t child = place.shared_ == nullptr ? -1 : fork();
  if (child == -1)
    return complain(std::string("no process can be started for the call: ") + std::strerror(errno), failed);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    static CallPlace::Shared* const shared = place.shared_.get();
    const auto mark = [] { shared->exited = true; };
    std::atexit(leave_at_once);
    std::at_quick_exit(leave_at_once);
    std::atexit(mark);
    std::at_quick_exit(mark);
    work(place);
    _exit(failed);
  }
  int status = 0;
  while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  const CallPlace::Shared& told = *place.shared_;
  if (WIFEXITED(status) && told.finished) return WEXITSTATUS(status);
  if (WIFSIGNALED(status))
    return complain(
        told.where(file) + ": " + how(status) + " " + told.doing() +
            "; run it under a debugger or AddressSanitizer with the same input, or see what headwind plugin "
            "check tells of it",
        failed);
  return complain(told.where(file) + ": " + (told.exited ? std::string("called exit") : how(status)) + " " +
                      told.doing() +
                      "; a plugin must not end its process: return a status, and say why with host->fail",
                  failed);
}

}  // namespace headwind::cli
