// SPDX-License-Identifier: Apache-2.0
#include "telemetry/otlp_json.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

namespace headwind::telemetry {
namespace {

SpanRecord sample() {
  SpanRecord span;
  span.context = {"4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true, true, "a=1"};
  span.parent_id = "1111111111111111";
  span.name = "PATCH \"quoted\"\n";
  span.kind = SpanKind::client;
  span.start_ns = 1'544'712'660'000'000'000, span.end_ns = 1'544'712'661'000'000'001;
  span.attributes = {{"http.response.status_code", std::int64_t{429}},
                     {"share", 0.5},
                     {"yes", true},
                     {"container.image.tags", std::vector<std::string>{"1.27", "latest"}},
                     {"bytes", std::string("\xff\x01")}};
  span.links = {{"22222222222222222222222222222222", "3333333333333333", true, false, {}}};
  span.failed = true;
  span.error = "429";
  return span;
}

TEST(OtlpJson, IsWhatTheSpecificationSays) {
  const auto body = nlohmann::json::parse(otlp_json({sample()}, {{"service.name", "headwind"}}, "1.0"));
  const auto expected = nlohmann::json::parse(R"({"resourceSpans":[{
    "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"headwind"}}]},
    "scopeSpans":[{"scope":{"name":"headwind","version":"1.0"},"spans":[{
      "traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","traceState":"a=1",
      "parentSpanId":"1111111111111111","name":"PATCH \"quoted\"\n","kind":3,
      "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000001","flags":3,
      "attributes":[{"key":"http.response.status_code","value":{"intValue":"429"}},
                    {"key":"share","value":{"doubleValue":0.5}},{"key":"yes","value":{"boolValue":true}},
                    {"key":"container.image.tags","value":{"arrayValue":{"values":[{"stringValue":"1.27"},
                                                                                   {"stringValue":"latest"}]}}},
                    {"key":"bytes","value":{"stringValue":"\ufffd\u0001"}}],
      "links":[{"traceId":"22222222222222222222222222222222","spanId":"3333333333333333"}],
      "status":{"code":2,"message":"429"}}]}]}]})");
  EXPECT_EQ(body, expected) << body.dump(1);
}

TEST(OtlpJson, PacksAsGzip) {
  const std::string text = otlp_json(std::vector<SpanRecord>(100, sample()), {}, "1.0");
  const std::string packed = gzip(text);
  EXPECT_LT(packed.size(), text.size() / 10);
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(text.size() + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_EQ(out, text);
}

TEST(OtlpJson, ReadsPartialSuccess) {
  const PartialSuccess some =
      partial_success_of(R"({"partialSuccess":{"rejectedSpans":"12","errorMessage":"too old"}})");
  EXPECT_EQ(some.rejected, 12);
  EXPECT_EQ(some.message, "too old");
  EXPECT_EQ(partial_success_of(R"({"partialSuccess":{"rejectedSpans":7}})").rejected, 7);
  for (const char* nothing : {"", "{}", "[]", "null", "{\"partialSuccess\":3}", "\xff",
                              R"({"partialSuccess":{"rejectedSpans":{},"errorMessage":[]}})"})
    EXPECT_EQ(partial_success_of(nothing).rejected, 0) << nothing;
}

}  // namespace
}  // namespace headwind::telemetry
