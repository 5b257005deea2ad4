// SPDX-License-Identifier: Apache-2.0
// Written as text, not as a tree: a batch is made in less than a millisecond.
#include "telemetry/otlp_json.hpp"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace headwind::telemetry {
namespace {

using Json = nlohmann::json;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

void add_text(std::string& out, std::string_view text) {
  if (is_plain(text))
    out.append("\"").append(text).append("\"");
  else
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// 64-bit numbers are texts in proto3's JSON.
void add_integer(std::string& out, std::int64_t number) {
  out.append("\"").append(std::to_string(number)).append("\"");
}

struct Writer {
  std::string& out;
  void operator()(const std::string& text) const {
    out += R"({"stringValue":)";
    add_text(out, text);
    out += '}';
  }
  void operator()(std::int64_t number) const {
    out += R"({"intValue":)";
    add_integer(out, number);
    out += '}';
  }
  void operator()(double number) const {
    out += R"({"doubleValue":)";
    out += std::isfinite(number) ? Json(number).dump() : std::string(R"("NaN")");
    out += '}';
  }
  void operator()(bool value) const { out += value ? R"({"boolValue":true})" : R"({"boolValue":false})"; }
  void operator()(const std::vector<std::string>& list) const {
    out += R"({"arrayValue":{"values":[)";
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i != 0) out += ',';
      (*this)(list[i]);
    }
    out += "]}}";
  }
};

template <class All>
void add_attributes(std::string& out, const All& attributes) {
  out += R"("attributes":[)";
  bool first = true;
  for (const auto& [key, value] : attributes) {
    if (!first) out += ',';
    first = false;
    out += R"({"key":)";
    add_text(out, key);
    out += R"(,"value":)";
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>)
      Writer{out}(value);
    else
      std::visit(Writer{out}, value);
    out += '}';
  }
  out += ']';
}

void add_ids(std::string& out, const TraceContext& context) {
  out.append(R"("traceId":")").append(context.trace_id).append(R"(","spanId":")").append(context.span_id).append("\"");
  if (context.state.empty()) return;
  out += R"(,"traceState":)";
  add_text(out, context.state);
}

void add_span(std::string& out, const SpanRecord& span) {
  out += '{';
  add_ids(out, span.context);
  if (!span.parent_id.empty()) out.append(R"(,"parentSpanId":")").append(span.parent_id).append("\"");
  out += R"(,"name":)";
  add_text(out, span.name);
  out += R"(,"kind":)" + std::to_string(static_cast<int>(span.kind)) + R"(,"startTimeUnixNano":)";
  add_integer(out, span.start_ns);
  out += R"(,"endTimeUnixNano":)";
  add_integer(out, span.end_ns);
  // Of the W3C flags, for whoever reads samples: sampled, and the random bit.
  out += R"(,"flags":)" + std::to_string(span.context.random ? 3 : 1) + ',';
  add_attributes(out, span.attributes);
  if (!span.links.empty()) {
    out += R"(,"links":[)";
    for (std::size_t i = 0; i < span.links.size(); ++i) {
      out += i == 0 ? "{" : ",{";
      add_ids(out, span.links[i]);
      out += '}';
    }
    out += ']';
  }
  if (span.failed) {
    out += R"(,"status":{"code":2,"message":)";
    add_text(out, span.error);
    out += '}';
  }
  out += '}';
}

}  // namespace

std::string otlp_json(const std::vector<SpanRecord>& spans, const std::map<std::string, std::string>& resource,
                      std::string_view version) {
  std::string out;
  out.reserve(1024 + spans.size() * 1024);
  out += R"({"resourceSpans":[{"resource":{)";
  add_attributes(out, resource);
  out += R"(},"scopeSpans":[{"scope":{"name":"headwind","version":)";
  add_text(out, version);
  out += R"(},"spans":[)";
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (i != 0) out += ',';
    add_span(out, spans[i]);
  }
  out += "]}]}]}";
  return out;
}

std::string gzip(std::string_view text) {
  constexpr int quick = 1, gzip_window = 15 + 16;
  z_stream stream{};
  if (deflateInit2(&stream, quick, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(done ? stream.total_out : 0);
  deflateEnd(&stream);
  return packed;
}

PartialSuccess partial_success_of(std::string_view body) {
  PartialSuccess said;
  const Json answer = Json::parse(body, nullptr, false);
  const auto partial = answer.is_object() ? answer.find("partialSuccess") : answer.end();
  if (!answer.is_object() || partial == answer.end() || !partial->is_object()) return said;
  if (const auto count = partial->find("rejectedSpans"); count != partial->end()) {
    if (count->is_number_integer()) {
      said.rejected = count->get<std::int64_t>();
    } else if (count->is_string()) {
      const auto& text = count->get_ref<const std::string&>();
      std::from_chars(text.data(), text.data() + text.size(), said.rejected);
    }
  }
  if (const auto why = partial->find("errorMessage"); why != partial->end() && why->is_string())
    said.message = printable(why->get_ref<const std::string&>(), 512);
  return said;
}

}  // namespace headwind::telemetry
