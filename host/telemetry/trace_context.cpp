// SPDX-License-Identifier: Apache-2.0
#include "telemetry/trace_context.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace headwind::telemetry {
namespace {

constexpr std::size_t length = 55, longest = 256, most_members = 32;

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }
bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }
bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '!' && c <= '~'; });
}
std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}
unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

// The members as one list; empty where it is none that must be handed on.
std::string joined_state(const std::vector<std::string_view>& headers) {
  std::string all;
  std::size_t members = 0;
  for (const std::string_view header : headers) {
    for (const std::string_view piece : split(header, ',')) {
      const std::string_view member = without_blanks(piece);
      if (member.empty()) continue;
      const std::size_t equals = member.find('=');
      const bool sound = std::all_of(member.begin(), member.end(), [](char c) { return c >= ' ' && c <= '~'; });
      if (!sound || equals == 0 || equals == std::string_view::npos) return {};
      if (++members > most_members || all.size() + member.size() >= longest_tracestate) return {};
      all.append(all.empty() ? "" : ",").append(member);
    }
  }
  return all;
}

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view value) {
  value = without_blanks(value);
  if (value.size() < length || value.size() > longest) return std::nullopt;
  const std::string_view version = value.substr(0, 2), trace = value.substr(3, 32), parent = value.substr(36, 16),
                         flags = value.substr(53, 2);
  if (value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
  if (!is_hex(version) || !is_hex(trace) || !is_hex(parent) || !is_hex(flags)) return std::nullopt;
  if (version == "ff" || is_zero(trace) || is_zero(parent)) return std::nullopt;
  if (value.size() > length && (version == "00" || value[length] != '-' || !is_printable(value.substr(length))))
    return std::nullopt;
  const unsigned bits = digit(flags[1]);
  return TraceContext{std::string(trace), std::string(parent), (bits & 1U) != 0, (bits & 2U) != 0, {}};
}

std::optional<TraceContext> parse_trace_headers(const std::vector<std::string_view>& traceparent,
                                                const std::vector<std::string_view>& tracestate) {
  if (traceparent.size() != 1) return std::nullopt;
  std::optional<TraceContext> context = parse_traceparent(traceparent.front());
  if (context) context->state = joined_state(tracestate);
  return context;
}

std::string traceparent_of(const TraceContext& context) {
  const unsigned bits = (context.sampled ? 1U : 0U) | (context.random ? 2U : 0U);
  return "00-" + context.trace_id + "-" + context.span_id + "-0" + static_cast<char>('0' + bits);
}

std::string text_of(const TraceContext& context) {
  return traceparent_of(context) + (context.state.empty() ? "" : " " + context.state);
}

std::optional<TraceContext> parse_trace_text(std::string_view text) {
  const std::size_t blank = std::min(text.find(' '), text.size());
  return parse_trace_headers({text.substr(0, blank)}, {text.substr(blank)});
}

std::string traceparent_in(std::string_view text) {
  const std::optional<TraceContext> context = parse_trace_text(text);
  return context ? traceparent_of(*context) : std::string();
}

std::string trace_id_in(std::string_view text) {
  std::optional<TraceContext> context = parse_trace_text(text);
  return context ? std::move(context->trace_id) : std::string();
}

}  // namespace headwind::telemetry
