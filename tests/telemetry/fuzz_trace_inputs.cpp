// SPDX-License-Identifier: Apache-2.0
// The headers traceparent and tracestate of anybody, a line each: what is taken can be handed on and kept.
#include <cstdint>
#include <cstdlib>

#include "telemetry/otlp_json.hpp"
#include "telemetry/trace_context.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headwind::telemetry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  partial_success_of(text);
  const std::size_t line = std::min(text.find('\n'), size);
  const std::string_view state = line == size ? std::string_view() : text.substr(line + 1);
  const auto context = parse_trace_headers({text.substr(0, line)}, {state});
  if (!context) return 0;
  if (parse_traceparent(traceparent_of(*context)) == std::nullopt) std::abort();
  const auto again = parse_trace_text(text_of(*context));
  if (!again || *again != *context) std::abort();
  if (context->state.size() > longest_tracestate || context->state.find_first_of("\r\n") != std::string::npos)
    std::abort();
  return 0;
}
