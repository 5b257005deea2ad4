// SPDX-License-Identifier: Apache-2.0
// What host.h promises, a plugin that needs it gets.
#include "plugin/services.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "plugin/host.hpp"
#include "plugin/runtime.hpp"

namespace headwind::plugin {
namespace {

std::vector<std::string> services_of_the_headers() {
  const char* source = std::getenv("HEADWIND_SOURCE");
  std::ifstream file(std::string(source == nullptr ? "." : source) + "/sdk/include/headwind/host.h");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::regex pattern("#define HW_SERVICE_[A-Z]+ \"([^\"]+)\"");
  std::vector<std::string> out;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), pattern); at != std::sregex_iterator(); ++at)
    out.push_back((*at)[1]);
  return out;
}

TEST(Services, EachServiceOfTheHeadersIsLent) {
  const std::vector<std::string> ids = services_of_the_headers();
  ASSERT_GE(ids.size(), 4U);
  std::vector<const char*> needs;
  for (const std::string& id : ids) needs.push_back(id.c_str());
  needs.push_back(nullptr);
  hw_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.kind = HW_KIND_REGISTRY;
  plugin.needs = needs.data();
  telemetry::Metrics metrics;
  const auto runtime = std::make_shared<Runtime>(metrics);
  runtime->lends_http = true;
  InstanceConfig config;
  config.name = "all";
  const hw_host& host = Services::make(runtime, config, plugin).host();
  for (const std::string& id : ids) EXPECT_NE(host.service(&host, id.c_str()), nullptr) << id;
  EXPECT_EQ(host.service(&host, "headwind.unheard-of/1"), nullptr);
}

}  // namespace
}  // namespace headwind::plugin
