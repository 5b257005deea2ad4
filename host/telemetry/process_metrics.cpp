// SPDX-License-Identifier: Apache-2.0
#include "telemetry/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::telemetry {
namespace {

// The fields of proc(5) that follow the program's name, which may hold blanks: [0] is the third, the state.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::vector<std::string> fields;
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return fields;
  for (std::size_t at = name_end + 1; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(" \n", at);
    if (begin == std::string::npos) break;
    at = std::min(text.find_first_of(" \n", begin), text.size());
    fields.push_back(text.substr(begin, at - begin));
  }
  return fields;
}

// Field `number` of proc(5), which counts from 1.
double field(const std::vector<std::string>& fields, std::size_t number) {
  double value = 0;
  const std::string& text = fields.at(number - 3);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// When the machine was started, in seconds since 1970.
std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  return std::nullopt;
}

std::optional<double> open_files() {
  std::error_code failed;
  std::filesystem::directory_iterator entries("/proc/self/fd", failed);
  if (failed) return std::nullopt;
  const auto count = std::distance(begin(entries), end(entries));
  return static_cast<double>(count) - 1;  // without the directory itself
}

struct ProcessMetrics {
  explicit ProcessMetrics(Metrics& m)
      : cpu(m.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")),
        resident(m.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")),
        virtual_memory(m.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.")),
        open(m.gauge("process_open_fds", "Number of open file descriptors.")),
        most(m.gauge("process_max_fds", "Maximum number of open file descriptors.")),
        start(m.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")) {}

  void read() const {
    constexpr std::size_t user_time = 14, system_time = 15, start_time = 22, virtual_size = 23, resident_pages = 24;
    const std::vector<std::string> fields = stat_fields();
    if (fields.size() + 3 > resident_pages) {
      const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
      cpu.add((field(fields, user_time) + field(fields, system_time)) / ticks - cpu.value());
      virtual_memory.set(field(fields, virtual_size));
      resident.set(field(fields, resident_pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
      if (start.value() == 0)
        if (const auto booted = boot_time()) start.set(*booted + field(fields, start_time) / ticks);
    }
    if (const auto count = open_files()) open.set(*count);
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) most.set(static_cast<double>(limit.rlim_cur));
  }

  Counter cpu;
  Gauge resident, virtual_memory, open, most, start;
};

}  // namespace

void tell_process(Metrics& metrics) {
  metrics.before_reading([all = ProcessMetrics(metrics)] { all.read(); });
}

}  // namespace headwind::telemetry
