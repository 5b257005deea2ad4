// SPDX-License-Identifier: Apache-2.0
#include "telemetry/sampler.hpp"

#include <gtest/gtest.h>

#include "telemetry/tracer.hpp"

namespace headwind::telemetry {
namespace {

TraceContext parent(bool sampled) {
  return {"4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", sampled, false, {}};
}

TEST(Sampler, DecidesAsItsNameSays) {
  const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const TraceContext yes = parent(true), no = parent(false);
  struct Row {
    const char* name;
    bool alone, after_yes, after_no;
  };
  for (const Row& row :
       {Row{"always_on", true, true, true}, Row{"always_off", false, false, false},
        Row{"parentbased_always_on", true, true, false}, Row{"parentbased_always_off", false, true, false}}) {
    const Sampler sampler = Sampler::make(row.name).value();
    EXPECT_EQ(sampler.samples(id, nullptr), row.alone) << row.name;
    EXPECT_EQ(sampler.samples(id, &yes), row.after_yes) << row.name;
    EXPECT_EQ(sampler.samples(id, &no), row.after_no) << row.name;
  }
}

TEST(Sampler, TakesItsShareOfTraceIds) {
  Metrics metrics;
  TracerOptions options;
  options.sampler = Sampler::make("parentbased_traceidratio", 0.25).value();
  Tracer tracer(options, metrics);
  int sampled = 0;
  constexpr int all = 20'000;
  for (int i = 0; i < all; ++i) sampled += tracer.new_context(nullptr).sampled ? 1 : 0;
  EXPECT_NEAR(sampled / double{all}, 0.25, 0.02);
  const Sampler tenth = Sampler::make("traceidratio", 0.1).value();
  EXPECT_FALSE(tenth.samples("ffffffffffffffffff00000000000001", nullptr)) << "the last 56 bits decide";
  EXPECT_TRUE(tenth.samples("000000000000000000ffffffffffffff", nullptr));
  const Sampler half = Sampler::make("traceidratio", 0.5).value();
  EXPECT_TRUE(half.samples("00000000000000000080000000000000", nullptr)) << "the upper end, as in every program";
  EXPECT_FALSE(half.samples("0000000000000000007fffffffffffff", nullptr));
}

TEST(Sampler, RefusesUnknownNamesAndShares) {
  EXPECT_NE(Sampler::make("jaeger_remote").error().message.find("parentbased_"), std::string::npos);
  EXPECT_FALSE(Sampler::make("parentbased_"));
  EXPECT_FALSE(Sampler::make("traceidratio", 1.5));
  EXPECT_FALSE(Sampler::make("traceidratio", -0.1));
}

}  // namespace
}  // namespace headwind::telemetry
