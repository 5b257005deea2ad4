// SPDX-License-Identifier: Apache-2.0
#include "update/request_book.hpp"

#include <gtest/gtest.h>

namespace headwind::update {
namespace {

UpdateRequest request(const std::string& version) {
  UpdateRequest request;
  request.key = {"prod", "web-1-26-0"};
  request.uid = "u-1", request.resource_version = version;
  request.target_kind = "Deployment", request.target_name = "web", request.target_namespace = "prod";
  return request;
}

TEST(RequestBook, what_was_deleted_is_not_brought_back_by_an_answer_that_was_on_its_way) {
  RequestBook book;
  EXPECT_TRUE(book.put(request("5")));
  EXPECT_TRUE(book.remove(request("5").key, "u-1"));
  EXPECT_FALSE(book.put(request("6")));
  EXPECT_EQ(book.find(request("5").key), nullptr);
}

TEST(RequestBook, the_late_word_of_a_deletion_does_not_take_out_the_one_that_came_in_its_place) {
  RequestBook book;
  const UpdateRequest former = request("5");
  UpdateRequest anew = request("7");
  anew.uid = "u-2";
  book.put(former);
  EXPECT_TRUE(book.remove(former.key, former.uid)) << "we delete it";
  EXPECT_TRUE(book.put(anew)) << "and make it anew: the answer";
  EXPECT_FALSE(book.remove(former.key, former.uid)) << "the watch tells of the deletion";
  anew.resource_version = "8";
  EXPECT_TRUE(book.put(anew)) << "and of all that comes after it";
  ASSERT_NE(book.find(anew.key), nullptr);
  EXPECT_EQ(book.find(anew.key)->uid, "u-2");
  EXPECT_EQ(book.pending(), 1U);
  EXPECT_FALSE(book.put(former)) << "what is told of the former one is old";
}

TEST(RequestBook, what_one_list_did_not_bring_the_next_one_may) {
  RequestBook book;
  book.put(request("5"));
  book.list_started();
  EXPECT_EQ(book.list_finished().size(), 1U) << "an API server that begins to answer may bring nothing";
  EXPECT_TRUE(book.put(request("5")));
  EXPECT_TRUE(book.names(target_of(request("5"))));
}

TEST(RequestBook, counts_those_that_are_pending) {
  RequestBook book;
  EXPECT_EQ(book.pending(), 0U);
  book.put(request("5"));
  EXPECT_EQ(book.pending(), 1U);
  UpdateRequest answered = request("6");
  answered.phase = Phase::approved;
  book.put(answered);
  EXPECT_EQ(book.pending(), 0U);
  book.remove(answered.key, answered.uid);
  book.put_back(request("7"));
  EXPECT_EQ(book.pending(), 1U);
  book.remove(answered.key, answered.uid);
  EXPECT_EQ(book.pending(), 0U);
}

TEST(RequestBook, what_could_not_be_deleted_is_put_back) {
  RequestBook book;
  book.put(request("5"));
  book.remove(request("5").key, "u-1");
  book.put_back(request("5"));
  EXPECT_NE(book.find(request("5").key), nullptr);
}

}  // namespace
}  // namespace headwind::update
