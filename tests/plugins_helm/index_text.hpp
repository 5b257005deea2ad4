// SPDX-License-Identifier: Apache-2.0
// Indexes of charts as texts, and their reading.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "registries/helm/index_parser.hpp"

namespace headwind::registries::helm {

class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string_view text, std::size_t step = 65536) : rest_(text), step_(step) {}
  std::size_t read(char* to, std::size_t most) override {
    const std::size_t size = std::min({most, step_, rest_.size()});
    std::copy_n(rest_.data(), size, to);
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
  std::size_t step_;
};

inline Outcome<ChartIndex> parse(std::string_view text, std::size_t step = 65536) {
  TextSource source(text, step);
  return parse_index(source);
}

inline ChartIndex parsed(std::string_view text) {
  auto index = parse(text);
  EXPECT_TRUE(index) << index.failure().message;
  return index ? std::move(*index) : ChartIndex();
}

// Why it is refused.
inline std::string refusal(std::string_view text) {
  const auto index = parse(text);
  EXPECT_FALSE(index);
  if (index) return {};
  EXPECT_EQ(index.failure().code, HW_INVALID);
  return index.failure().message;
}

inline std::vector<std::string> names(const ChartIndex& index, std::string_view chart) {
  std::vector<std::string> out;
  for (const auto& one : index.list(chart).versions) out.push_back(one.version);
  return out;
}

inline std::string sample(const std::string& name) {
  std::ifstream file(HELM_SAMPLES "/" + name);
  EXPECT_TRUE(file) << name;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string digest_line(char digit) { return "digest: " + std::string(64, digit); }

// An index of one chart "app"; the entries as flow maps, one a line.
inline std::string index_of(const std::vector<std::string>& entries) {
  std::string text = "apiVersion: v1\nentries:\n  app:\n";
  for (const auto& entry : entries) text += "  - {name: app, " + entry + "}\n";
  return text;
}

}  // namespace headwind::registries::helm
