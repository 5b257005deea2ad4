// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_reader.hpp"

#include "plugins_helm/index_text.hpp"

namespace headwind::registries::helm {
namespace {

TEST(IndexReader, reads_what_comes_in_pieces) {
  const std::string text = sample("index.yaml");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, text.size()}) {
    IndexReader reader;
    for (std::size_t at = 0; at < text.size(); at += piece)
      ASSERT_TRUE(reader.take(std::string_view(text).substr(at, piece)));
    const auto index = reader.finish();
    ASSERT_TRUE(index) << index.failure().message;
    EXPECT_EQ(index->entries(), 4u);
  }
}

TEST(IndexReader, says_that_nothing_came) {
  IndexReader reader;
  EXPECT_EQ(reader.finish().failure().message, "is empty");
}

TEST(IndexReader, wants_no_more_of_what_is_no_index) {
  IndexReader reader;
  const std::string filler(8192, '\n');
  bool wanted = reader.take("a: &a [x]\nb: *a\n" + filler);
  for (int i = 0; i < 100 && wanted; ++i) wanted = reader.take(filler);
  EXPECT_FALSE(wanted);
  EXPECT_FALSE(reader.take("more"));
  EXPECT_EQ(reader.finish().failure().code, HW_INVALID);
}

TEST(IndexReader, takes_no_rest_of_a_document_that_is_whole) {
  IndexReader reader;
  const std::string filler(8192, '\n');
  bool wanted = reader.take("apiVersion: v1\nentries: {}\n---\n" + filler);
  for (int i = 0; i < 100 && wanted; ++i) wanted = reader.take(filler);
  EXPECT_FALSE(wanted);
  EXPECT_TRUE(reader.finish());
}

TEST(IndexReader, may_be_given_up_at_any_time) {
  {
    IndexReader never_begun;
  }
  IndexReader reader;
  EXPECT_TRUE(reader.take("apiVersion: v1\nentries:\n"));
}

// The end of our hearing is not the end of the index: this one would be valid as far as it goes.
TEST(BodyPipe, tells_a_broken_index_from_a_whole_one) {
  BodyPipe pipe;
  pipe.close(false);
  const auto index = parse_index(pipe);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.failure().code, HW_UNAVAILABLE);
}

}  // namespace
}  // namespace headwind::registries::helm
