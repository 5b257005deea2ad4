// SPDX-License-Identifier: Apache-2.0
// OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES, whatever they hold.
#include <cstdint>
#include <cstdlib>

#include "config/traces.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pairs = headwind::config::parse_key_values(text);
  if (!pairs) return 0;
  for (const auto& [key, value] : *pairs)
    if (key.empty() || key.size() + value.size() > size) std::abort();
  return 0;
}
