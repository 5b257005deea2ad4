// SPDX-License-Identifier: Apache-2.0
// Debian's docker-registry on a free port, open to ci with the password s3cret alone.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "cli/program.hpp"
#include "testbed/process.hpp"

namespace headwind::test {

class PrivateRegistry : public testing::Test {
 protected:
  void SetUp() override;
  ~PrivateRegistry() override { process_.stop(std::chrono::seconds(2)); }

  // Pushes an image for the platform, whose layers are none; answers its digest.
  std::string push(const std::string& path, const std::string& tag, const std::string& os = "linux",
                   const std::string& architecture = "amd64");
  // A configuration that knows where it is, and more.
  std::string config(const std::string& more = {}) const;
  std::string image(const std::string& name) const { return host + "/" + name; }

  TemporaryDirectory directory;
  std::string host;  // "127.0.0.1:41234"

 private:
  testbed::Process process_;
};

}  // namespace headwind::test
