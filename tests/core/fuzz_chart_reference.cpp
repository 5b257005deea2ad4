// SPDX-License-Identifier: Apache-2.0
// Any text: refused with a sentence, or read into a repository whose host is known and whose version is the text's end.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/chart_reference.hpp"
#include "core/image_reference.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto chart = headwind::parse_chart_reference(text);
  if (!chart) {
    if (chart.error().message.empty()) std::abort();
    return 0;
  }
  if (chart->chart.empty() || chart->version.empty() || !text.ends_with(chart->version)) std::abort();
  if (headwind::host_of(chart->repository).empty()) std::abort();
  headwind::is_exact_version(chart->version);
  return 0;
}
