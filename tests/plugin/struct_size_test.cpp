// SPDX-License-Identifier: Apache-2.0
// The sizes that the host reads by are those that were released.
#include "plugin/struct_size.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace headwind::plugin {
namespace {

// Of each struct that grows, its size in the oldest release that has it.
std::map<std::string, std::uint32_t> released() {
  const char* source = std::getenv("HEADWIND_SOURCE");
  const std::filesystem::path baselines = std::filesystem::path(source == nullptr ? "." : source) / "sdk/abi";
  std::map<std::string, std::uint32_t> out;
  for (int minor = 0;; ++minor) {
    std::ifstream file(baselines / ("1." + std::to_string(minor)) / "layout.txt");
    if (!file) return out;
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string what, name, growth;
      std::uint32_t size = 0;
      if (words >> what >> name >> size >> growth && what == "struct" && growth == "grows") out.try_emplace(name, size);
    }
  }
}

TEST(StructSize, FirstSizesAreThoseOfTheBaselines) {
  const std::map<std::string, std::uint32_t> expected = {
      {"hw_error", kFirstSize<hw_error>},
      {"hw_call", kFirstSize<hw_call>},
      {"hw_tags", kFirstSize<hw_tags>},
      {"hw_host", kFirstSize<hw_host>},
      {"hw_http_request", kFirstSize<hw_http_request>},
      {"hw_http_reply", kFirstSize<hw_http_reply>},
      {"hw_http", kFirstSize<hw_http>},
      {"hw_metrics", kFirstSize<hw_metrics>},
      {"hw_secrets", kFirstSize<hw_secrets>},
      {"hw_credential", kFirstSize<hw_credential>},
      {"hw_pull", kFirstSize<hw_pull>},
      {"hw_plugin", kFirstSize<hw_plugin>},
      {"hw_module", kFirstSize<hw_module>},
      {"hw_event", kFirstSize<hw_event>},
      {"hw_notifier_api", kFirstSize<hw_notifier_api>},
      {"hw_policy_query", kFirstSize<hw_policy_query>},
      {"hw_choice", kFirstSize<hw_choice>},
      {"hw_verdict_sink", kFirstSize<hw_verdict_sink>},
      {"hw_policy_api", kFirstSize<hw_policy_api>},
      {"hw_artifact", kFirstSize<hw_artifact>},
      {"hw_push", kFirstSize<hw_push>},
      {"hw_registry_sink", kFirstSize<hw_registry_sink>},
      {"hw_registry_api", kFirstSize<hw_registry_api>},
      {"hw_image", kFirstSize<hw_image>},
      {"hw_image_sink", kFirstSize<hw_image_sink>},
      {"hw_rollout", kFirstSize<hw_rollout>},
      {"hw_target", kFirstSize<hw_target>},
      {"hw_target_sink", kFirstSize<hw_target_sink>},
      {"hw_workload_api", kFirstSize<hw_workload_api>},
  };
  EXPECT_EQ(released(), expected) << "plugin/struct_size.hpp lists each struct of sdk/abi/ with its size there";
}

}  // namespace
}  // namespace headwind::plugin
