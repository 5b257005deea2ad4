// SPDX-License-Identifier: Apache-2.0
// What a call tells the plugin beside its question.
#include <gmock/gmock.h>

#include "world.hpp"

namespace headwind::plugin {
namespace {

using testing::StartsWith;

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

class Told : public World {
 protected:
  void SetUp() override {
    start();
    const Result<> created = create("seen", "test.policy.seen");
    ASSERT_TRUE(created) << created.error().message;
  }
  std::string seen(const Policy& policy, const PolicyQuery& query = {}, Tags tags = {}) {
    const Result<Choice> choice = run(policy.choose(query, std::move(tags), true));
    return choice ? choice->why : choice.error().message;
  }
};

TEST_F(Told, TheTraceIsThatOfTheCallAndOfNoOther) {
  const Policy policy = host->policies().front();
  const Policy traced = policy.traced(kTrace);
  EXPECT_EQ(seen(traced), std::string("trace ") + kTrace + "; runs  built 0");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(seen(policy), "trace ; runs  built 0");  // handles are used again
  const std::string other(32, 'a');
  EXPECT_EQ(seen(traced.traced(other)), "trace " + other + "; runs  built 0");
  EXPECT_EQ(seen(traced), std::string("trace ") + kTrace + "; runs  built 0");
}

TEST_F(Told, WhatIsNoTraceIdIsNotTold) {
  const Policy policy = host->policies().front();
  for (const std::string& id : {std::string(), std::string(32, '0'), std::string(31, 'a'), std::string(33, 'a'),
                                std::string("4BF92F3577B34DA6A3CE929D0E0E4736"), std::string(32, '\n')})
    EXPECT_THAT(seen(policy.traced(id)), StartsWith("trace ;")) << id;
}

TEST_F(Told, EachColumnOfTheCandidatesArrives) {
  PolicyQuery query;
  query.tag = "1.0";
  query.created_ms = 7;
  Tags tags;
  tags.names = {"1.1", "1.2"};
  EXPECT_EQ(seen(host->policies().front(), query, tags),
            "trace ; runs 1.0 built 7; 1.1 digest  built -1 pushed -1; 1.2 digest  built -1 pushed -1");
  tags.digests = {"sha256:aa", ""};
  tags.created_ms = {11, 0};
  tags.pushed_ms = {0, 22};
  EXPECT_EQ(seen(host->policies().front(), query, tags),
            "trace ; runs 1.0 built 7; 1.1 digest sha256:aa built 11 pushed 0; 1.2 digest  built 0 pushed 22");
}

}  // namespace
}  // namespace headwind::plugin
