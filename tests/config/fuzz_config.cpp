// SPDX-License-Identifier: Apache-2.0
// The configuration file, a kubeconfig and the variables that hold YAML: any bytes give a value or a sentence.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = headwind::config::parse(text, "fuzz.yaml");
  // What was accepted can be turned into instances; what was refused says why.
  if (config) {
    if (headwind::config::plugin_instances(*config).size() < 6) std::abort();
  } else if (config.error().message.empty()) {
    std::abort();
  }
  const auto json = headwind::config::yaml_to_json(text);
  if (json) {
    // JSON is YAML: what was written must be readable again, and mean the same.
    const auto again = headwind::config::yaml_to_json(*json);
    if (again && *again != *json) std::abort();
  }
  headwind::config::Config changed;
  (void)headwind::config::apply_environment(changed, {{"HEADWIND_REGISTRIES", std::string(text)},
                                                      {"HEADWIND_LOG_LEVEL", std::string(text)},
                                                      {"HEADWIND_UPDATES_MIN_INTERVAL", std::string(text)}});
  return 0;
}
