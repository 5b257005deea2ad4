// SPDX-License-Identifier: Apache-2.0
#include "update/event_book.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headwind::update {
namespace {

inventory::WorkloadKey workload(std::size_t number) { return {"Deployment", "prod", "web" + std::to_string(number)}; }

TEST(EventBook, keeps_the_workloads_that_were_told_of_last) {
  EventBook book;
  for (std::size_t i = 0; i < EventBook::most_workloads; ++i) book.put(workload(i), {1, false, "Proposed", "first"});
  book.put(workload(0), {2, false, "Updated", "second"});
  book.put(workload(EventBook::most_workloads), {3, false, "Proposed", "first"});
  ASSERT_EQ(book.of(workload(0)).size(), 2U) << "it was told of again";
  EXPECT_EQ(book.of(workload(0)).front().reason, "Updated") << "newest first";
  EXPECT_TRUE(book.of(workload(1)).empty());
  EXPECT_EQ(book.of(workload(2)).size(), 1U);
}

TEST(EventBook, keeps_a_few_of_each_and_what_is_said_again_once) {
  EventBook book;
  for (std::size_t i = 0; i <= EventBook::of_each; ++i) book.put(workload(0), {1, true, "Failed", std::to_string(i)});
  book.put(workload(0), {2, true, "Failed", std::to_string(EventBook::of_each)});
  const auto told = book.of(workload(0));
  ASSERT_EQ(told.size(), EventBook::of_each);
  EXPECT_EQ(told.front().at_ms, 2);
  EXPECT_EQ(told.back().message, "1");
}

}  // namespace
}  // namespace headwind::update
