// SPDX-License-Identifier: Apache-2.0
// What the reader's documents promise and can be checked: examples that parse, links that lead somewhere.
#include <gtest/gtest.h>

#include <regex>

#include "config/config.hpp"
#include "core/text.hpp"
#include "deploy/manifests.hpp"

namespace headwind::deploy {
namespace {

// The code block that follows `heading`.
std::string block_after(const std::string& text, const std::string& heading) {
  const auto start = text.find(heading);
  if (start == std::string::npos) throw std::runtime_error("no heading '" + heading + "'");
  const auto fence = text.find("```", start);
  const auto first = text.find('\n', fence) + 1;
  return text.substr(first, text.find("```", first) - first);
}

std::vector<std::filesystem::path> documents() {
  std::vector<std::filesystem::path> files{source() / "README.md", source() / "CONTRIBUTING.md"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source() / "docs"))
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  return files;
}

TEST(Documents, TheConfigurationOfTheReadmeIsAccepted) {
  const std::string yaml = block_after(read_text(source() / "README.md"), "## Configure");
  const auto config = config::parse(yaml, "README.md");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_FALSE(config->registries.empty());
  EXPECT_FALSE(config->plugins.empty());
}

TEST(Documents, TheNotifierOfTheReadmeIsTheExampleThatTheTestsBuild) {
  const std::string shown = block_after(read_text(source() / "README.md"), "## Write a plugin");
  EXPECT_EQ(shown, read_text(source() / "sdk/examples/cpp/line_notifier.cpp"));
}

TEST(Documents, EveryLinkToAFileLeadsToOne) {
  const std::regex link(R"(\]\(([^)#:\s]+)(#[^)\s]*)?\))");
  int links = 0;
  for (const auto& file : documents()) {
    const std::string text = read_text(file);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), link); it != std::sregex_iterator(); ++it) {
      ++links;
      EXPECT_TRUE(std::filesystem::exists(file.parent_path() / (*it)[1].str())) << file << ": " << (*it)[1].str();
    }
  }
  EXPECT_GE(links, 10);
}

TEST(Dockerfile, RunsAsTheUserOfTheDeployment) {
  const std::string text = read_text(source() / "deploy/Dockerfile");
  EXPECT_NE(text.find("\nUSER 1001:1001\n"), std::string::npos);
  EXPECT_NE(text.find("ARG BASE_IMAGE=debian:bookworm-slim"), std::string::npos);
}

}  // namespace
}  // namespace headwind::deploy
