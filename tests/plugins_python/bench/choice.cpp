// SPDX-License-Identifier: Apache-2.0
// How long one `choose` of a trivial script takes among 1,000, 10,000 and 100,000 tags, the median of 31 in
// microseconds, and the least of them in time of a processor.
#include <headwind/policy.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <headwind/sdk/testing.hpp>
#include <string>
#include <vector>

int main() {
  const auto file = std::filesystem::temp_directory_path() / "headwind-bench-choice.py";
  std::ofstream(file) << "def choose(workload, slot, candidates, parameters):\n"
                         "    for candidate in candidates:\n"
                         "        if candidate.tag == 'the one': return candidate\n"
                         "    return candidates[-1]\n";
  hw::testing::fake_host host;
  host.deadline_ms = 60'000;
  const hw::testing::instance python(host, hw::testing::load(PYTHON_MODULE),
                                     R"({"file": ")" + file.string() + R"(", "callable": "choose", "seconds": 30})");
  if (python.status() != HW_OK) return std::puts(host.failures.back().message.c_str()), 1;
  for (const std::size_t count : {1'000U, 10'000U, 100'000U}) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i)
      names.push_back(std::to_string(1 + i % 7) + '.' + std::to_string(i % 31) + '.' + std::to_string(i));
    std::vector<hw_str> rows;
    for (const auto& name : names) rows.push_back(hw::str(name));
    const hw_tags tags{sizeof(hw_tags), 0, rows.size(), rows.data(), nullptr, nullptr, nullptr};
    hw_policy_query query{};
    query.struct_size = sizeof query;
    query.tag = hw::str("1.2.3");
    query.workload = hw::str("{}");
    std::vector<double> times, computed;
    for (int i = 0; i < 31; ++i) {
      hw_choice choice{sizeof choice, 0, 0};
      const auto start = std::chrono::steady_clock::now();
      const std::clock_t began = std::clock();
      const hw_status status =
          python.api<hw_policy_api>()->choose(python.self(), host.call(), &query, &tags, &choice, nullptr, nullptr);
      times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
      computed.push_back(static_cast<double>(std::clock() - began) * 1e6 / CLOCKS_PER_SEC);
      if (status != HW_OK || choice.index + 1 != count) return std::puts("it did not choose the last tag"), 1;
    }
    std::ranges::nth_element(times, times.begin() + 15);
    std::printf("%7zu tags %9.0f us  %6.3f us a tag, %6.3f us of a processor a tag\n", count, times[15],
                times[15] / static_cast<double>(count),
                *std::ranges::min_element(computed) / static_cast<double>(count));
  }
  std::filesystem::remove(file);
}
