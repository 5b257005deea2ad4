// SPDX-License-Identifier: Apache-2.0
// A piece of work with a beginning and an end: what traces are made of. While a Span lives it is the current one of its
// coroutine (core/coroutine_local.hpp): spans that begin below it are its children, log lines carry its ids, and
// requests that are sent tell it to their servers. Names and attributes are those of the OpenTelemetry semantic
// conventions, https://opentelemetry.io/docs/specs/semconv/; ours begin with "headwind.".
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/coroutine_local.hpp"
#include "telemetry/trace_context.hpp"

namespace headwind::telemetry {

enum class SpanKind : std::uint8_t { internal = 1, server = 2, client = 3, producer = 4, consumer = 5 };  // as in OTLP

using AttributeValue = std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

// A span that has ended, as it is exported.
struct SpanRecord {
  TraceContext context;
  std::string parent_id;  // empty: the root
  std::string name;
  SpanKind kind = SpanKind::internal;
  std::int64_t start_ns = 0, end_ns = 0;  // since 1970
  Attributes attributes;                  // at most most_attributes, values cut at longest_value bytes
  std::vector<TraceContext> links;        // at most most_links
  bool failed = false;
  std::string error;  // one sentence, where it failed
};
inline constexpr std::size_t most_attributes = 32, longest_value = 1024, most_links = 32;

struct SpanOptions {
  SpanKind kind = SpanKind::internal;
  // Of whom it is a part: a text of text_of(), such as a request or a history keeps it. Empty or not valid: of the
  // current span.
  std::string parent{};
  bool may_be_root = true;     // without any parent a trace begins; else there is no span at all
  std::int64_t start_ms = 0;   // 0: now; since 1970
  bool always_a_root = false;  // the current one is not its parent
  std::string linked{};        // a text of text_of(), see Span::link
};

class Span {
 public:
  // Without a tracer (see tracer.hpp) nothing is recorded, but the parent's context is handed on.
  explicit Span(std::string name, SpanOptions options = {});
  ~Span();  // ends it
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  void rename(std::string name);
  void set(std::string_view key, AttributeValue value);  // again: replaces
  void link(std::string_view trace);                     // a text of text_of(); one that is none is left out
  void fail(std::string_view sentence, std::string_view type = {});  // type: error.type, of few kinds
  bool is_recorded() const;                                          // else attributes need not be put together
  // What is to be kept where the work goes on later; empty where there is no span.
  std::string text() const;

 private:
  struct Live;
  friend struct Current;
  std::shared_ptr<Live> live_;
  LocalScope scope_;
};

// Of the coroutine that runs now.
struct Current {
  static std::optional<TraceContext> context();
  static std::string text();  // text_of() of it; empty: none
  static void link(std::string_view trace);
  static void set(std::string_view key, AttributeValue value);
  static void rename(std::string name);
};

// The parent of what goes on with work whose context was kept as `kept`: empty, which is the current span, where that
// is a part of the same trace already.
std::string parent_of(std::string_view kept);
// For a span that goes on with work whose context was kept as `kept`, at somebody's word who has a trace of his own: a
// part of that work, and linked with the current span, which is linked with that work.
SpanOptions answer_to(const std::string& kept);

}  // namespace headwind::telemetry
