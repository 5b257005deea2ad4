// SPDX-License-Identifier: Apache-2.0
#include "telemetry/trace_context.hpp"

#include <gtest/gtest.h>

namespace headwind::telemetry {
namespace {

const std::string kSample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// The cases of the W3C's own test suite that concern one value.
TEST(Traceparent, TakesWhatTheStandardTakes) {
  for (const std::string& good :
       {kSample, " \t" + kSample + " \t", "cc-" + kSample.substr(3),
        "cc-" + kSample.substr(3) + "-what-the-future-holds", "fe-" + kSample.substr(3) + "-"}) {
    const auto context = parse_traceparent(good);
    ASSERT_TRUE(context) << good;
    EXPECT_EQ(traceparent_of(*context), kSample) << good;
  }
  EXPECT_FALSE(parse_traceparent(kSample.substr(0, 53) + "00")->sampled);
  EXPECT_TRUE(parse_traceparent(kSample.substr(0, 53) + "03")->random);
  EXPECT_EQ(traceparent_of(*parse_traceparent(kSample.substr(0, 53) + "ff")), kSample.substr(0, 53) + "03")
      << "bits that nobody has defined are sent as 0";
}

TEST(Traceparent, RefusesWhatTheStandardRefuses) {
  for (const std::string& bad :
       {std::string(), std::string("00"), kSample.substr(1), kSample + "-extra", kSample + " 1", kSample + ".",
        "cc-" + kSample.substr(3) + ".extra", "ff-" + kSample.substr(3), "0X-" + kSample.substr(3),
        std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
        std::string("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
        std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
        std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0."), "cc-" + kSample.substr(3) + "-a\nb",
        "cc-" + kSample.substr(3) + "-" + std::string(300, 'a'), std::string("00_") + kSample.substr(3)})
    EXPECT_FALSE(parse_traceparent(bad)) << bad;
}

TEST(TraceHeaders, ListsOfStatesAreOneAndBoundedOnes) {
  EXPECT_FALSE(parse_trace_headers({kSample, kSample}, {})) << "two of them are none";
  EXPECT_FALSE(parse_trace_headers({}, {"a=1"}));
  EXPECT_EQ(parse_trace_headers({kSample}, {"a=1", "b=2, c=3,,"})->state, "a=1,b=2,c=3");
  EXPECT_EQ(parse_trace_headers({kSample}, {"novalue"})->state, "") << "as if there were none";
  EXPECT_EQ(parse_trace_headers({kSample}, {"=1"})->state, "");
  EXPECT_EQ(parse_trace_headers({kSample}, {"a=\x01"})->state, "");
  std::string members;
  for (int i = 0; i < 32; ++i) members += "m" + std::to_string(i) + "=1,";
  EXPECT_FALSE(parse_trace_headers({kSample}, {members})->state.empty());
  EXPECT_EQ(parse_trace_headers({kSample}, {members, "one=more"})->state, "");
  EXPECT_EQ(parse_trace_headers({kSample}, {"a=" + std::string(600, 'x')})->state, "");
}

TEST(TraceText, ComesBackAsItWasKept) {
  const auto context = parse_trace_headers({kSample}, {"a=1,b=x y"});
  const std::string kept = text_of(*context);
  EXPECT_EQ(kept, kSample + " a=1,b=x y");
  EXPECT_EQ(*parse_trace_text(kept), *context);
  EXPECT_EQ(traceparent_in(kept), kSample);
  EXPECT_EQ(trace_id_in(kept), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(traceparent_in("nonsense"), "");
  EXPECT_EQ(trace_id_in(""), "");
  EXPECT_EQ(*parse_trace_text(kSample), *parse_traceparent(kSample)) << "as earlier versions kept it";
}

}  // namespace
}  // namespace headwind::telemetry
