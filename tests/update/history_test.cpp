// SPDX-License-Identifier: Apache-2.0
#include "update/history.hpp"

#include <gtest/gtest.h>

namespace headwind::update {
namespace {

TEST(History, is_read_as_it_was_written) {
  const std::vector<HistoryEntry> written{
      {"web", "nginx:1.2", "2026-01-02T00:00:00.000Z", "web-1", "alice", "sha256:aa",
       "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 vendor=1", "uid-1"},
      {"sidecar", "envoy:1", "2026-01-01T00:00:00.000Z", {}, {}, {}, {}, {}}};
  const auto read = read_history(write_history(written));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(write_history(read), write_history(written));
  EXPECT_EQ(read[0].trace, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 vendor=1");
  EXPECT_EQ(read[0].request_uid, "uid-1");
  EXPECT_EQ(read[1].request_name, "");
}

TEST(History, what_is_no_entry_is_passed_over) {
  const auto read = read_history(R"([
    7, "web", null, ["container", "web"], [{"container": "web", "image": "inner:1"}],
    {"container": "web"}, {"image": "nginx:1"}, {"container": 3, "image": "nginx:2"},
    {"container": "web", "image": "nginx:3", "container": null},
    {"container": "web", "more": {"image": "inner:2", "container": "c"}, "image": "nginx:4", "list": ["x", {"digest": "d"}]},
    {"container": "web", "image": "nginx:5", "image": "nginx:6", "digest": {"container": "d"}, "approvedBy": ["a"]}])");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].container + " " + read[0].image + read[0].digest, "web nginx:4");
  EXPECT_EQ(read[1].container + " " + read[1].image + read[1].digest + read[1].approved_by, "web nginx:6");
}

TEST(History, text_that_is_no_list_reads_as_empty) {
  for (const char* text :
       {"", "null", "{}", R"({"container": "web", "image": "nginx:1"})",
        R"({"list": [{"container": "web", "image": "a:1"}]})", R"([{"container": "web", "image": "nginx:1"})",
        R"([{"container": "web", "image": "nginx:1"}] x)", "[{\"container\": \"web\", \"image\": \"nginx:\xff\"}]",
        R"([{"container": "web", "image": "a:1", "n": 1e999}])"})
    EXPECT_TRUE(read_history(text).empty()) << text;
}

}  // namespace
}  // namespace headwind::update
