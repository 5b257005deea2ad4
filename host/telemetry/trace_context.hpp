// SPDX-License-Identifier: Apache-2.0
// Who somebody's work is a part of, as it travels between programs: W3C Trace Context,
// https://www.w3.org/TR/trace-context/.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::telemetry {

struct TraceContext {
  std::string trace_id;  // 32 lower-case hex digits, not all zero
  std::string span_id;   // 16 of them
  bool sampled = false;
  bool random = false;  // the trace id was drawn at random (level 2)
  std::string state;    // tracestate, handed on unchanged; empty: none
  bool operator==(const TraceContext&) const = default;
};

inline constexpr std::size_t longest_tracestate = 512;  // what everybody must hand on (section 3.3.1.5)

// The traceparent of version 00, or of a later one that begins as 00 does. Blanks around it do not count. Nothing where
// it must not be handed on: other characters, an id of zeros, version ff, up to 256 bytes.
std::optional<TraceContext> parse_traceparent(std::string_view value);
// Of the headers of one request: several traceparents are none; several tracestates are one list, and none where it has
// more than 32 members or is longer than longest_tracestate.
std::optional<TraceContext> parse_trace_headers(const std::vector<std::string_view>& traceparent,
                                                const std::vector<std::string_view>& tracestate);
// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
std::string traceparent_of(const TraceContext& context);

// As one text, to be kept until the work goes on: the traceparent, then a blank and the tracestate where there is one.
std::string text_of(const TraceContext& context);
std::optional<TraceContext> parse_trace_text(std::string_view text);
// The traceparent in such a text, as it is kept in the cluster; empty where it is none.
std::string traceparent_in(std::string_view text);
// The trace id in a traceparent or such a text; empty where it is none.
std::string trace_id_in(std::string_view text);

}  // namespace headwind::telemetry
