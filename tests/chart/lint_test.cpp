// SPDX-License-Identifier: Apache-2.0
// What the chart renders, and the plain manifests, as linters of manifests see them. No cluster.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "chart.hpp"
#include "core/text.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::chart {
namespace {

using testing::HasSubstr;

// Everything that is installed, each as files: the chart with each of ci/, and deploy/*.yaml.
class Lint : public ::testing::Test {
 protected:
  void SetUp() override {
    HEADWIND_NEEDS_HELM();
    scratch = testbed::make_temporary_directory("lint");
    for (const auto& values : values_files()) {
      const auto file = scratch / values.filename();
      std::ofstream(file) << rendered({"-f", values.string(), "--api-versions",
                                       "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy", "--include-crds"});
      installed.push_back({file.string()});
    }
    installed.emplace_back();
    for (const auto& entry : std::filesystem::directory_iterator(source() / "deploy"))
      if (entry.path().extension() == ".yaml") installed.back().push_back(entry.path().string());
    ASSERT_GE(installed.back().size(), 6U);
  }
  void TearDown() override {
    if (!scratch.empty()) std::filesystem::remove_all(scratch);
  }
  // Throws with what it found where it ends badly.
  static std::string judged(std::vector<std::string> command, const std::vector<std::string>& files) {
    command.insert(command.end(), files.begin(), files.end());
    return run(command);
  }
  std::string mistaken() const {
    std::ofstream(scratch / "mistaken.yaml") << rendered({"--set", "image.tag=latest"});
    return (scratch / "mistaken.yaml").string();
  }

  std::filesystem::path scratch;
  std::vector<std::vector<std::string>> installed;
};

TEST_F(Lint, KubeScoreHasNothingToSay) {
  const std::vector<std::string> command{program("kube-score"), "score", "--exit-one-on-warning", "--color", "never"};
  for (const auto& files : installed) {
    std::vector<std::string> asked = command;
    // What 0.1.x had for both probes, and whoever copied its values still has.
    if (files.front().ends_with("/former-values.yaml"))
      asked.insert(asked.end(), {"--ignore-test", "pod-probes-identical"});
    EXPECT_NO_THROW(judged(asked, files)) << files.front();
  }
  try {
    judged(command, {mistaken()});
    ADD_FAILURE() << "it finds no mistakes";
  } catch (const std::exception& found) {
    EXPECT_THAT(found.what(), HasSubstr("Image with latest tag"));
  }
}

// Where there is one on the PATH: no module proxy has all that it is built of.
TEST_F(Lint, KubeLinterHasNothingToSay) {
  const char* path = std::getenv("PATH");
  std::string linter;
  for (const std::string_view place : split(path != nullptr ? path : "", ':'))
    if (const auto file = std::filesystem::path(place) / "kube-linter"; linter.empty() && std::filesystem::exists(file))
      linter = file.string();
  if (linter.empty()) GTEST_SKIP() << "there is no kube-linter on the PATH";
  const std::vector<std::string> command{linter, "lint", "--config", (directory() / ".kube-linter.yaml").string()};
  for (const auto& files : installed) EXPECT_NO_THROW(judged(command, files)) << files.front();
  EXPECT_THROW(judged(command, {mistaken()}), std::runtime_error) << "it finds no mistakes";
}

}  // namespace
}  // namespace headwind::chart
