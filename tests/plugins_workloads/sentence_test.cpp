// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/sentence.hpp"

#include <gtest/gtest.h>

namespace headwind::workloads {
namespace {

TEST(Sentence, is_cut_between_two_characters) {
  EXPECT_EQ(cut("short", 5), "short");
  EXPECT_EQ(cut("too long", 7), "too ...");
  EXPECT_EQ(cut("a\xC3\xA4\xC3\xB6\xC3\xBC", 6), "a\xC3\xA4...");  // room for one more byte, but not for "oe"
  EXPECT_EQ(cut("\xF0\x9F\x9A\xA2\xF0\x9F\x9A\xA2", 6), "...");
  for (std::size_t most = 3; most < 12; ++most)
    EXPECT_LE(cut("\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC", most).size(), most);
}

TEST(Sentence, a_quoted_message_is_one_bounded_line) {
  EXPECT_EQ(quote(" first\n\n\tsecond \x1b[31m\x7f"), "first second [31m");
  EXPECT_EQ(quote(std::string(100'000, 'x')).size(), max_quoted);
  EXPECT_EQ(quote(""), "");
}

TEST(Sentence, a_quoted_url_keeps_host_and_path_only) {
  EXPECT_EQ(quote(R"(Get "https://cdn.example.com/blob/ab?X-Amz-Signature=5ec3e7&x=1": EOF)"),
            R"(Get "https://cdn.example.com/blob/ab?...": EOF)");
  EXPECT_EQ(quote("dial https://ci:pa@ss@registry.example.com/v2/ failed"),
            "dial https://registry.example.com/v2/ failed");
  EXPECT_EQ(quote("http://a/x?t=1 and https://b/y?t=2"), "http://a/x?... and https://b/y?...");
  EXPECT_EQ(quote("https://h/p?redirect=me@host&token=1"), "https://...?...") << "better too little than too much";
  EXPECT_EQ(quote("odd ://"), "odd ://");
}

TEST(Sentence, an_image_with_a_digest_is_no_user) {
  EXPECT_EQ(quote(R"(Back-off pulling image "ghcr.io/acme/web@sha256:ab")"),
            R"(Back-off pulling image "ghcr.io/acme/web@sha256:ab")");
  EXPECT_EQ(quote("https://ghcr.io/v2/web@sha256:ab"), "https://ghcr.io/v2/web@sha256:ab");
}

TEST(Sentence, counts_and_joins) {
  EXPECT_EQ(count_of(1, "restart"), "1 restart");
  EXPECT_EQ(count_of(0, "restart"), "0 restarts");
  EXPECT_EQ(joined("It timed out.", "why"), "It timed out; why");
  EXPECT_EQ(joined("It timed out.", ""), "It timed out.");
}

}  // namespace
}  // namespace headwind::workloads
