// SPDX-License-Identifier: Apache-2.0
// How long one `choose` among 10,000 tags takes, through the shared object; median of 101, in microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <headwind/policy.h>
#include <headwind/sdk/testing.hpp>

namespace {

std::vector<std::string> ten_thousand_tags() {
  std::vector<std::string> tags;
  for (unsigned i = 0; tags.size() < 10'000; ++i) {
    const std::string numbers = std::to_string(1 + i % 7) + '.' + std::to_string(i % 31) + '.' + std::to_string(i);
    tags.push_back(i % 3 == 0    ? "v" + numbers
                   : i % 5 == 0  ? numbers + "-alpine3.19"
                   : i % 11 == 0 ? numbers + "-rc.1"
                                 : numbers);
  }
  return tags;
}

}  // namespace

int main() {
  hw::testing::fake_host host;
  const hw::testing::instance semver(host, hw::testing::load(SEMVER_MODULE));
  const auto* api = semver.api<hw_policy_api>();
  const std::vector<std::string> names = ten_thousand_tags();
  std::vector<hw_str> rows;
  for (const auto& name : names) rows.push_back(hw::str(name));
  const hw_tags tags{sizeof(hw_tags), 0, rows.size(), rows.data(), nullptr, nullptr, nullptr};
  for (const char* policy : {"patch", "minor", "major", "all", "glob", "force"}) {
    hw_policy_query query{};
    query.struct_size = sizeof query;
    query.policy = hw::str(policy);
    query.pattern = hw::str("*1.*");
    query.tag = hw::str("1.2.3");
    std::vector<double> times;
    hw_choice choice{};
    for (int i = 0; i < 101; ++i) {
      choice = {sizeof choice, 0, 0};
      const auto start = std::chrono::steady_clock::now();
      if (api->choose(semver.self(), host.call(), &query, &tags, &choice, nullptr, nullptr) != HW_OK) return 1;
      times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
    }
    std::ranges::nth_element(times, times.begin() + 50);
    std::printf("%-6s %8.0f us  %s\n", policy, times[50],
                choice.verdict == HW_UPDATE ? names[choice.index].c_str() : "hold");
  }
}
