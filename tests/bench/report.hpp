// SPDX-License-Identifier: Apache-2.0
// What the benchmarks have in common: their arguments, and the one line that each prints.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace headwind::bench {

// bench_<name> BUILD [--json FILE] [--pairs N] [--count N] [--seconds N]; zero: the benchmark's own default.
struct Arguments {
  std::filesystem::path build;  // of the program that is measured
  std::filesystem::path json;   // one object is appended for each figure; empty: none
  std::size_t pairs = 0, count = 0, seconds = 0;
};

enum class Goal : std::uint8_t { at_most, at_least };

struct Figure {
  std::string name;
  double ours = 0, yardstick = 0;
  std::string unit;
  double ratio = 0;  // ours to yardstick; where there are pairs, the median of theirs
  Goal goal = Goal::at_most;
  double limit = 1;  // of the ratio
};

// "name: ours X, yardstick Y, ratio R (goal G)" on stdout, and the same in the JSON file.
void report(const Arguments& arguments, const Figure& figure);
// A line that explains a figure.
void note(const std::string& text);

double median(std::vector<double> values);
double since(std::chrono::steady_clock::time_point start);  // in seconds

// main() of a benchmark: a failure is a sentence on stderr and exit code 1.
int run(int count, char** words, const std::function<void(const Arguments&)>& measure);

}  // namespace headwind::bench
