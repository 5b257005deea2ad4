// SPDX-License-Identifier: Apache-2.0
// The host's side of probing.
#include "plugin/probe.hpp"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <list>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>

#include "core/text.hpp"
#include "plugin/child.hpp"

namespace headwind::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Probe {
  std::size_t row;
  Child child;
  steady_clock::time_point end;
};

Result<> refuse(const std::filesystem::path& file, std::string_view predicate) {
  return make_error(Code::invalid, file.filename().string() + " " + std::string(predicate));
}

// Which part of the file was at work last: the child writes an empty line before each (probe_main.cpp).
std::string stage_of(const std::string& output) {
  switch (output.find_first_not_of('\n') == std::string::npos ? output.size() : output.find_first_not_of('\n')) {
    case 0: return "before it was loaded";
    case 1: return "while being loaded, in a static constructor";
    case 2: return "in hw_entry_v1";
    default: return "while its description was read (a pointer that leads nowhere?)";
  }
}

bool is_description(const nlohmann::json& answer) { return answer.is_object() && answer.contains("plugins"); }

// What the end of a child means.
Result<> verdict(const std::filesystem::path& file, const std::string& output, int status) {
  if (WIFSIGNALED(status))
    return refuse(file,
                  "crashed with " + signal_name(WTERMSIG(status)) + " " + stage_of(output) + "; rebuild or remove it");
  const nlohmann::json answer = nlohmann::json::parse(output, nullptr, false);
  if (answer.is_object() && answer.contains("error") && answer["error"].is_string())
    return make_error(Code::invalid, printable(answer["error"].get_ref<const std::string&>()));
  if (is_description(answer) && WEXITSTATUS(status) == 0) return {};
  return refuse(file, "ended the probing process with exit code " + std::to_string(WEXITSTATUS(status)) + " " +
                          stage_of(output) + "; a plugin must not call exit: rebuild or remove it");
}

std::vector<std::string> probing(const std::filesystem::path& executable) {
  return {executable.string(), "plugin", "probe", "--json"};
}

int milliseconds_until(steady_clock::time_point end) {
  const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 60'000));
}

// Whether one child finds nothing wrong with any of the files. If not, it is not known which of them is to blame.
bool are_all_well(const std::filesystem::path& executable, const std::vector<std::filesystem::path>& files,
                  milliseconds limit) {
  std::vector<std::string> arguments = probing(executable);
  for (const std::filesystem::path& file : files) arguments.push_back(file.string());
  std::string problem;
  Child child(arguments, problem);
  if (!problem.empty()) return false;
  const auto end = steady_clock::now() + limit;
  while (child.read() && steady_clock::now() < end) {
    pollfd descriptor{child.output(), POLLIN, 0};
    poll(&descriptor, 1, milliseconds_until(end));
  }
  while (!child.has_ended() && steady_clock::now() < end) std::this_thread::sleep_for(milliseconds(1));
  const bool ended = child.has_ended();
  child.kill();
  const int status = child.wait();
  if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return false;
  std::istringstream lines(child.text());
  std::size_t descriptions = 0;
  for (std::string line; std::getline(lines, line);)
    if (is_description(nlohmann::json::parse(line, nullptr, false))) ++descriptions;
  return descriptions == files.size();
}

class Probes {
 public:
  Probes(const std::filesystem::path& executable, const std::vector<std::filesystem::path>& files, milliseconds limit)
      : executable_(executable), files_(files), limit_(limit), results_(files.size()) {}

  std::vector<Result<>> run() {
    // No more than the machine can run at once: a starved child would look like a hanging one.
    const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
    std::size_t next = 0;
    while (next < files_.size() || !running_.empty()) {
      while (next < files_.size() && running_.size() < most) start(next++);
      if (!running_.empty()) step();
    }
    return std::move(results_);
  }

 private:
  void start(std::size_t row) {
    std::string problem;
    std::vector<std::string> arguments = probing(executable_);
    arguments.push_back(files_[row].string());
    Child child(arguments, problem);
    if (!problem.empty()) {
      results_[row] = refuse(files_[row], "cannot be probed with " + executable_.string() + ": " + problem);
      return;
    }
    running_.push_back({row, std::move(child), steady_clock::now() + limit_});
  }

  void step() {
    std::vector<pollfd> descriptors;
    auto first = steady_clock::time_point::max();
    for (const Probe& probe : running_) {
      descriptors.push_back({probe.child.output(), POLLIN, 0});
      first = std::min(first, probe.end);
    }
    poll(descriptors.data(), descriptors.size(), milliseconds_until(first));
    const auto now = steady_clock::now();
    for (auto probe = running_.begin(); probe != running_.end();) {
      probe = settle(*probe, now) ? running_.erase(probe) : std::next(probe);
    }
  }

  bool settle(Probe& probe, steady_clock::time_point now) {
    if (probe.child.read()) {
      if (now < probe.end) return false;
    } else {
      // The output may end before the process does, even on purpose: that takes from the same limit.
      while (!probe.child.has_ended() && steady_clock::now() < probe.end) std::this_thread::sleep_for(milliseconds(1));
    }
    const std::filesystem::path& file = files_[probe.row];
    const bool ended = probe.child.has_ended();
    probe.child.kill();  // and what it may have started
    const int status = probe.child.wait();
    results_[probe.row] =
        ended ? verdict(file, probe.child.text(), status)
              : refuse(file, "did not finish loading within " + std::to_string(limit_.count()) + " ms: it hangs " +
                                 stage_of(probe.child.text()) + "; rebuild or remove it");
    return true;
  }

  const std::filesystem::path& executable_;
  const std::vector<std::filesystem::path>& files_;
  milliseconds limit_;
  std::vector<Result<>> results_;
  std::list<Probe> running_;
};

}  // namespace

std::vector<Result<>> probe_all(const std::filesystem::path& executable,
                                const std::vector<std::filesystem::path>& files, milliseconds limit) {
  if (files.size() > 1 && are_all_well(executable, files, limit / 5))
    return std::vector<Result<>>(files.size(), Result<>{});
  return Probes(executable, files, limit).run();
}

}  // namespace headwind::plugin
