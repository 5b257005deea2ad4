// SPDX-License-Identifier: Apache-2.0
// Runs the `headwind` of this build as its users do.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace headwind::test {

struct Finished {
  int code = -1;  // exit code; 128 + signal where one ended it
  std::string out, err;
};

// With `input` on standard input and nothing of HEADWIND_*, RUST_LOG in the environment but `environment`
// ("NAME=value"). Killed after a minute.
Finished headwind(const std::vector<std::string>& arguments, const std::string& input = {},
                  const std::vector<std::string>& environment = {});

std::filesystem::path build_directory();

// A directory that goes away with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const;  // the file's path

 private:
  std::filesystem::path path_;
};

}  // namespace headwind::test
