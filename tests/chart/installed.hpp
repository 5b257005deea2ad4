// SPDX-License-Identifier: Apache-2.0
// The chart, installed on the real control plane, and the program as its pod would run it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "chart.hpp"
#include "testbed/control_plane.hpp"
#include "testbed/gtest.hpp"
#include "testbed/process.hpp"

namespace headwind::chart {

inline constexpr const char* kHome = "headwind-system";

testbed::ControlPlane& plane();
std::string helm(std::vector<std::string> arguments);
Json get(const std::string& path);  // null where it is not there
std::string map_path(const std::string& name);
std::string deployments(const std::string& name_space);
std::filesystem::path build();

// The pod's container without a kubelet: its files, arguments and variables, as the server has them.
class Pod {
 public:
  Pod();
  ~Pod();
  Pod(const Pod&) = delete;
  Pod& operator=(const Pod&) = delete;
  std::string log() const;
  bool is_prepared() const;
  unsigned announce(const std::string& image) const;
  std::string url(const std::string& name) const { return "http://127.0.0.1:" + std::to_string(ports_.at(name)); }
  const std::filesystem::path& directory() const { return directory_; }  // headwind.yaml is in it

 private:
  void write_kubeconfig(const std::string& account) const;

  std::filesystem::path directory_;
  std::map<std::string, std::uint16_t> ports_{
      {"WEBHOOKS", testbed::free_port()}, {"API", testbed::free_port()}, {"METRICS", testbed::free_port()}};
  testbed::Process process_;
};

class Installed : public ::testing::Test {
 protected:
  void SetUp() override {
    HEADWIND_NEEDS_CONTROL_PLANE();
    HEADWIND_NEEDS_HELM();
  }
};

}  // namespace headwind::chart
