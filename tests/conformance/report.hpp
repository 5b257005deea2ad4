// SPDX-License-Identifier: Apache-2.0
// What `headwind plugin check --json` says of a file.
#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/program.hpp"

namespace headwind::test {

struct Row {
  std::string outcome, sentence;
};

struct Report {
  int code = -1;
  nlohmann::json document;

  // Of one check, or an empty one.
  Row row(const std::string& check) const {
    for (const auto& one : document.value("checks", nlohmann::json::array()))
      if (one["check"] == check) return {one["outcome"], one["sentence"]};
    return {};
  }
};

inline Report check(const std::string& file, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"plugin", "check", file, "--json", "--timeout", "10"};
  words.insert(words.end(), more.begin(), more.end());
  const Finished done = headwind(words);
  Report out{done.code, nlohmann::json::parse(done.out, nullptr, false)};
  EXPECT_TRUE(out.document.is_object()) << file << ": " << done.out << done.err;
  if (!out.document.is_object()) out.document = nlohmann::json::object();
  return out;
}

}  // namespace headwind::test
