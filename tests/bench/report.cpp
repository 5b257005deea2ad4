// SPDX-License-Identifier: Apache-2.0
#include "bench/report.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace headwind::bench {
namespace {

std::size_t number(const std::string& word) {
  char* end = nullptr;
  const unsigned long long value = std::strtoull(word.c_str(), &end, 10);
  if (word.empty() || *end != '\0' || value == 0) throw std::runtime_error("not a positive number: " + word);
  return value;
}

Arguments parse(const std::vector<std::string>& words) {
  if (words.empty()) throw std::runtime_error("name the build directory of the program that is measured");
  Arguments result;
  result.build = std::filesystem::absolute(words.front());
  for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
    if (words[i] == "--json") {
      result.json = words[i + 1];
    } else if (words[i] == "--pairs") {
      result.pairs = number(words[i + 1]);
    } else if (words[i] == "--count") {
      result.count = number(words[i + 1]);
    } else if (words[i] == "--seconds") {
      result.seconds = number(words[i + 1]);
    } else {
      throw std::runtime_error("unknown argument " + words[i]);
    }
  }
  if (words.size() % 2 == 0) throw std::runtime_error("a value is missing behind " + words.back());
  return result;
}

}  // namespace

void report(const Arguments& arguments, const Figure& figure) {
  const bool most = figure.goal == Goal::at_most;
  std::printf("%s: ours %.3f %s, yardstick %.3f %s, ratio %.3f (goal %s %.2f)\n", figure.name.c_str(), figure.ours,
              figure.unit.c_str(), figure.yardstick, figure.unit.c_str(), figure.ratio,
              most ? "<=" : ">=", figure.limit);
  std::fflush(stdout);
  if (arguments.json.empty()) return;
  const bool reached = most ? figure.ratio <= figure.limit : figure.ratio >= figure.limit;
  const nlohmann::ordered_json object{{"name", figure.name},   {"ours", figure.ours},
                                      {"unit", figure.unit},   {"yardstick", figure.yardstick},
                                      {"ratio", figure.ratio}, {"goal", most ? "at most" : "at least"},
                                      {"limit", figure.limit}, {"reached", reached}};
  std::ofstream(arguments.json, std::ios::app) << object.dump() << "\n";
}

void note(const std::string& text) {
  std::printf("  %s\n", text.c_str());
  std::fflush(stdout);
}

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  if (values.empty()) throw std::runtime_error("nothing was measured");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

int run(int count, char** words, const std::function<void(const Arguments&)>& measure) {
  try {
    measure(parse({words + 1, words + count}));
    return EXIT_SUCCESS;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s: %s\n", words[0], failure.what());
    return EXIT_FAILURE;
  }
}

}  // namespace headwind::bench
