// SPDX-License-Identifier: Apache-2.0
// What `headwind plugin new` writes and refuses. tests/templates builds what it writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> files_in(const std::filesystem::path& directory) {
  std::set<std::string> names;
  for (const auto& one : std::filesystem::directory_iterator(directory)) names.insert(one.path().filename());
  return names;
}

TEST(PluginNew, writes_a_project_with_the_authors_words) {
  const TemporaryDirectory work;
  const auto project = work.path() / "made";
  const auto done = headwind({"plugin", "new", "notifier", "team-sample", "--dir", project.string()});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(files_in(project), ElementsAre(".gitignore", "CMakeLists.txt", "README.md", "team_sample_notifier.cpp",
                                             "team_sample_notifier_test.cpp"));
  const std::string source = read(project / "team_sample_notifier.cpp");
  EXPECT_THAT(source, HasSubstr("class TeamSample : public hw::notifier"));
  EXPECT_THAT(source, HasSubstr("\"com.example.notifier.team-sample\""));
  EXPECT_THAT(source, Not(HasSubstr("SPDX")));
  EXPECT_THAT(read(project / "CMakeLists.txt"),
              HasSubstr("headwind_add_plugin(team-sample-notifier SOURCES team_sample_notifier.cpp)"));
  EXPECT_THAT(done.out, HasSubstr((project / "README.md").string() + "\n"));
}

TEST(PluginNew, has_each_kind_in_C_and_CPP_and_policies_and_notifiers_in_Python) {
  const TemporaryDirectory work;
  for (const std::string kind : {"notifier", "policy", "registry", "workload"}) {
    for (const std::string language : {"c", "c++", "python"}) {
      const auto project = work.path() / (kind + language);
      const auto done = headwind({"plugin", "new", kind, "pager", "--lang", language, "--dir", project.string()});
      if (language == "python" && (kind == "registry" || kind == "workload")) {
        EXPECT_EQ(done.code, 2);
        EXPECT_EQ(done.err, "headwind: a " + kind +
                                " cannot be written in Python, only policies and notifiers can: use --lang c++ or c\n");
        EXPECT_FALSE(std::filesystem::exists(project));
      } else {
        EXPECT_EQ(done.code, 0) << done.err;
        EXPECT_TRUE(std::filesystem::exists(project / "README.md"));
      }
    }
  }
}

TEST(PluginNew, writes_over_nothing) {
  const TemporaryDirectory work;
  const auto project = work.path() / "mine";
  std::filesystem::create_directory(project);
  std::ofstream(project / "README.md") << "mine";
  const auto done = headwind({"plugin", "new", "policy", "canary", "--dir", project.string()});
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.err, "headwind: " + project.string() + " exists already: choose another name, or another --dir\n");
  EXPECT_THAT(files_in(project), ElementsAre("README.md"));
  EXPECT_EQ(read(project / "README.md"), "mine");
  std::filesystem::create_symlink("nowhere", work.path() / "link");
  EXPECT_EQ(headwind({"plugin", "new", "policy", "canary", "--dir", (work.path() / "link").string()}).code, 1);
  EXPECT_EQ(headwind({"plugin", "new", "policy", "canary", "--dir", (work.path() / "no" / "parent").string()}).code, 1);
}

TEST(PluginNew, refuses_names_that_are_none) {
  const TemporaryDirectory work;
  const std::string directory = (work.path() / "made").string();
  for (const std::string name : {"Pager", "1pager", "-pager", "pager-", "a--b", "a_b", "a b", "../x", "a/b", "a.b",
                                 "pag\xc3\xa9r", "", "a\nb", "abcdefghijabcdefghijabcdefghijabcdefghijk"}) {
    const auto done = headwind({"plugin", "new", "policy", "--dir", directory, "--", name});
    EXPECT_EQ(done.code, 2) << name;
    EXPECT_THAT(done.err, HasSubstr("is no name for a plugin: use at most 40 lower-case letters and digits")) << name;
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
    EXPECT_FALSE(std::filesystem::exists(directory));
  }
  const auto kind = headwind({"plugin", "new", "plugin", "pager", "--dir", directory});
  EXPECT_EQ(kind.code, 2);
  EXPECT_THAT(kind.err, HasSubstr("'plugin' is no kind of plugin: use notifier, policy, registry or workload"));
  const auto language = headwind({"plugin", "new", "policy", "pager", "--lang", "rust", "--dir", directory});
  EXPECT_EQ(language.code, 2);
  EXPECT_THAT(language.err, HasSubstr("use c, c++ or python"));
  EXPECT_THAT(language.out, IsEmpty());
}

}  // namespace
}  // namespace headwind::test
