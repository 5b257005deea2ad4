// SPDX-License-Identifier: Apache-2.0
// Plugins that answer with what they must not.
#include "neighbours.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Results : public Neighbours {};

TEST_F(Results, AbsurdCountsAndSizesAreRefused) {
  for (const char* flaw : {"absurd-tag-count", "page-of-wrong-size", "null-page", "wrong-sink"}) add(flaw);
  EXPECT_THAT(failure(list("absurd-tag-count")),
              StartsWith("absurd-tag-count: list_tags: the plugin put more than 1000000 tags"));
  EXPECT_THAT(failure(list("page-of-wrong-size")), HasSubstr("list_tags: the plugin put a struct of a wrong size"));
  EXPECT_THAT(failure(list("null-page")), HasSubstr("list_tags: the plugin put a struct of a wrong size"));
  EXPECT_THAT(failure(list("wrong-sink")), HasSubstr("list_tags: the plugin put a push where none was asked for"));
}

TEST_F(Results, TagsThatAreNoNamesAreRefused) {
  add("odd-tags");
  for (const char* kind : {"long", "nul", "bytes", "newline", "empty", "null"})
    EXPECT_THAT(failure(list("odd-tags", kind)),
                StartsWith("odd-tags: list_tags: the plugin put a tag that is empty, longer than 256 bytes, not UTF-8, "
                           "or holds a control character"))
        << kind;
  EXPECT_EQ(list("odd-tags", "good")->names.size(), 1U);
}

TEST_F(Results, WhatComesBeforeAnErrorIsDroppedWithIt) {
  add("results-after-error");
  const Result<Tags> tags = list("results-after-error");
  EXPECT_EQ(failure(tags), "results-after-error: list_tags: the registry is down");
  EXPECT_EQ(tags.error().code, Code::unavailable);
  EXPECT_TRUE(tags.error().retryable);
}

TEST_F(Results, WhatFollowsARefusalIsRefused) {
  add("results-after-refusal");
  const Result<Tags> tags = list("results-after-refusal");
  EXPECT_EQ(
      failure(tags),
      "results-after-refusal: list_tags: the plugin put a tag that is empty, longer than 256 bytes, not UTF-8, "
      "or holds a control character; mend test.hostile.results-after-refusal (results_after_refusal.so), or take the "
      "instance out of plugins.instances");
  EXPECT_EQ(tags.error().code, Code::internal) << "a plugin that goes on as if nothing were";
  EXPECT_THAT(metrics.text(), HasSubstr("status=\"bad_output\"} 1"));
}

TEST_F(Results, AFloodIsRefusedAtItsLimitAndCostsNoMemory) {
  add("flooded-sink");
  EXPECT_THAT(failure(list("flooded-sink")), HasSubstr("the tags are longer than 64 MiB together"));
}

TEST_F(Results, TheyCountOnlyOnTheThreadOfTheCall) {
  add("foreign-thread-sink");
  EXPECT_THAT(
      failure(list("foreign-thread-sink")),
      StartsWith("foreign-thread-sink: list_tags: the plugin put a result from a thread other than the one that "
                 "it was called on"));
}

TEST_F(Results, FatesOfEventsMustBeKnown) {
  add("garbage-results");
  const auto fates = run(find(host->notifiers(), "garbage-results").send({Event{}, Event{}}));
  ASSERT_EQ(fates.size(), 2U);
  EXPECT_TRUE(fates[0]) << "it was marked as delivered before";
  EXPECT_EQ(
      failure(fates[1]),
      "garbage-results: send: the plugin gave an event the unknown status 4711; mend test.hostile.garbage-results "
      "(garbage_results.so), or take the instance out of plugins.instances");
  EXPECT_TRUE(fates[1].error().retryable);
}

TEST_F(Results, FailuresAreCleaned) {
  add("odd-failures");
  const auto fail = [this](const char* how) {
    const Result<Choice> choice = choose("odd-failures", how);
    EXPECT_FALSE(choice) << how;
    return choice ? Error{} : choice.error();
  };
  EXPECT_EQ(fail("twice").message, "odd-failures: choose: why") << "the last one counts";
  EXPECT_LT(fail("megabytes").message.size(), 5000U);
  EXPECT_EQ(fail("negative retry").retry_after.count(), 0);
  EXPECT_EQ(fail("endless retry").retry_after, std::chrono::hours(24));
  EXPECT_EQ(fail("newline and bytes").message.find_first_of("\n\xff"), std::string::npos);
  EXPECT_THAT(fail("unknown code").message, HasSubstr("unknown status 4711"));
  EXPECT_EQ(fail("other code").code, Code::not_found) << "what it returns classifies";
  EXPECT_EQ(fail("wrong size").code, Code::internal);
  EXPECT_EQ(fail("nothing").code, Code::internal);
}

TEST_F(Results, ExceptionsOfEveryOriginEndTheCallOnly) {
  for (const char* flaw : {"foreign-exception", "silent-exception"}) add(flaw);
  EXPECT_EQ(failure(choose("foreign-exception")),
            "foreign-exception: choose: the plugin threw something across the C boundary; mend "
            "test.hostile.foreign-exception (foreign_exception.so), or take the instance out of plugins.instances");
  EXPECT_THAT(
      failure(choose("silent-exception")),
      StartsWith("silent-exception: choose: the plugin threw an exception across the C boundary: it says nothing"));
  EXPECT_THAT(failure(create("thrower", "test.hostile.throws-in-create")),
              StartsWith("thrower: create: the plugin threw an exception across the C boundary: a bug"));
  add("throws-in-destroy");  // at the end, while its neighbour is destroyed
}

}  // namespace
}  // namespace headwind::plugin
