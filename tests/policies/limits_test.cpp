// SPDX-License-Identifier: Apache-2.0
// patch, minor, major, all and none: which single tag is an update of which.
#include <gtest/gtest.h>

#include "chooser.hpp"

namespace headwind::policies {
namespace {

constexpr std::int32_t update = HW_UPDATE, hold = HW_HOLD, ignored = HW_IGNORED;

struct Row {
  const char *policy, *current, *tag;
  std::int32_t expected;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(judge(row.policy, row.current, row.tag), row.expected)
        << row.policy << ' ' << row.current << " -> " << row.tag;
  }
}

TEST(Limits, T33_patch_keeps_major_and_minor) {
  check({{"patch", "1.2.3", "1.2.4", update},
         {"patch", "1.2.3", "1.3.0", hold},
         {"patch", "1.2.3", "2.0.0", hold},
         {"patch", "1.2.3", "1.2.3", hold},
         {"patch", "1.2.4", "1.2.3", hold},
         {"patch", "v1.2.3", "v1.2.4", update},
         {"patch", "v1.0.0", "1.0.1", update},
         {"patch", "1.0.0", "v1.0.1", update},
         {"patch", "1.0.0-rc1", "1.0.0", update},
         {"patch", "1.25.0", "1.25.1", update},
         {"patch", "1.25.0", "1.26.0", hold},
         {"patch", "1.4.5", "2.4.6", hold}});
}

TEST(Limits, T34_minor_keeps_major_and_major_keeps_nothing) {
  check({{"minor", "1.2.3", "1.3.0", update},
         {"minor", "1.2.3", "1.3.5", update},
         {"minor", "1.2.3", "1.2.4", update},
         {"minor", "1.2.3", "2.0.0", hold},
         {"minor", "1.4.5", "1.5.5", update},
         {"major", "1.9.9", "2.0.0", update},
         {"major", "1.2.3", "1.3.0", update},
         {"major", "2.0.0", "2.0.0", hold},
         {"major", "1.4.5", "1.5.5", update},
         {"major", "1.4.5", "2.4.5", update},
         {"major", "6.2.0", "7.0.0", update}});
}

TEST(Limits, T35_all_takes_anything_newer_and_none_nothing) {
  check({{"all", "1.0.0", "2.0.0", update},
         {"all", "1.4.5", "1.4.6", update},
         {"all", "1.4", "1.5", update},
         {"all", "2024-01-01", "2024-01-02", update},
         {"all", "2024-01-02", "2024-01-01", hold},
         {"all", "2.0.0", "1.0.0", hold},
         {"all", "1.0.0", "1.0.0", hold},
         {"none", "1.0.0", "2.0.0", hold},
         {"none", "latest", "latest", hold}});
}

TEST(Limits, a_running_tag_that_is_no_version_is_unknown_and_holds) {
  for (const char* policy : {"patch", "minor", "major", "all"}) {
    for (const char* current : {"invalid", "latest", "", "1.0.0p", "1.2.3.4.5", "01.1.1", "sha-1234567"}) {
      EXPECT_EQ(judge(policy, current, "1.0.0"), hold) << policy << ' ' << current;
    }
  }
}

TEST(Limits, T37_one_to_four_parts_and_patch_may_add_one) {
  check({{"minor", "14.5", "14.6", update},
         {"minor", "14.5", "14.10", update},
         {"minor", "14.5", "15.0", hold},
         {"minor", "14.5", "14.6.1", ignored},
         {"patch", "7.2", "7.2.1", update},
         {"patch", "1.4", "1.4.6", update},
         {"patch", "1.4", "1.5.6", hold},
         {"patch", "1.4", "1.5", hold},
         {"patch", "1.4", "1.4.0", hold},
         {"patch", "1.4.6", "1.4", ignored},
         {"patch", "14", "14.5", ignored},
         {"major", "14", "15", update},
         {"minor", "14", "15", hold},
         {"patch", "1.2.3.4", "1.2.3.5", update},
         {"minor", "1.2.3.4", "1.3.0.0", update},
         {"major", "1.4.5", "3050", ignored},
         {"all", "1.4.5", "3050", ignored}});
}

TEST(Limits, T38_a_variant_stays_a_variant) {
  check({{"patch", "1.25.3-alpine", "1.25.4", ignored},
         {"patch", "1.25.3-alpine", "1.25.4-alpine", update},
         {"patch", "1.25.3", "1.25.4-alpine", ignored},
         {"patch", "1.4.5", "1.4.4", hold},
         {"minor", "1.4.5", "1.4.5-xx", ignored},
         {"minor", "v1.0.0", "v1.0.1-metadata", ignored},
         {"minor", "v1.0.0-metadata", "v1.0.1-metadata", update},
         {"minor", "1.4.5-xx", "1.4.6-yy", ignored},
         {"all", "1.4.5-xx", "1.4.5-yy", ignored},
         {"patch", "1.4.5-xx", "1.4.5-yy", ignored},
         {"patch", "1.25.3-alpine3.19", "1.25.4-alpine3.19", update},
         {"patch", "1.25.3-alpine3.19", "1.25.4-alpine3.20", hold},
         {"patch", "1.25.3-alpine3.19", "1.25.4-alpine", hold},
         {"patch", "1.25.3-dev", "1.25.4", ignored},
         {"patch", "3.12.0-slim-bookworm", "3.12.1-slim-bookworm", update},
         {"patch", "3.12.0-slim-bookworm", "3.12.1-slim-bullseye", ignored}});
}

TEST(Limits, T38_a_prerelease_is_not_proposed_from_a_release) {
  check({{"patch", "1.2.3", "1.2.4-rc.1", ignored},
         {"patch", "1.2.3", "1.2.4-rc1", ignored},
         {"major", "3.12.0", "3.13.0b2", ignored},
         {"minor", "1.3.0-rc.1", "1.3.0", update},
         {"minor", "1.3.0-rc.1", "1.3.0-rc.2", update},
         {"minor", "1.3.0-rc9", "1.3.0-rc10", update},
         {"minor", "1.3.0-rc10", "1.3.0-rc9", hold},
         {"minor", "1.3.0-beta.1", "1.3.0-rc.1", update},
         {"minor", "1.3.0-rc.1", "1.4.0-alpha.1", ignored},
         {"patch", "1.3.0-rc.1", "1.4.0", hold},
         {"minor", "1.3.0-rc1-slim", "1.3.0-slim", update},
         {"minor", "1.3.0-rc1-slim", "1.3.0", ignored}});
}

TEST(Limits, T38_build_metadata_makes_no_update) {
  check({{"patch", "1.2.3", "1.2.3+b2", hold},
         {"all", "1.2.3+build1", "1.2.3+build2", hold},
         {"patch", "1.2.3", "1.2.4+b2", update}});
}

TEST(Limits, a_prefix_binds_and_a_leading_v_is_none) {
  check({{"major", "release-1.2.3", "release-1.3.0", update},
         {"major", "release-1.2.3", "release-v1.3.0", update},
         {"major", "release-1.2.3", "1.3.0", ignored},
         {"major", "1.2.3", "version-1.3.0", ignored},
         {"major", "api-1.2.3", "web-1.3.0", ignored},
         {"major", "api-1.2.3", "api-1.3.0", update},
         {"all", "V1.2.3", "v1.3.0", update}});
}

TEST(Limits, dates_may_have_leading_zeros_and_other_versions_not) {
  check({{"minor", "20.04", "20.10", update},
         {"major", "20.10", "22.04", update},
         {"all", "2024.01.09", "2024.01.10", update},
         {"minor", "2024.01.09", "2025.01.01", hold},
         {"all", "1.2.3", "1.02.4", ignored},
         {"all", "2024-01-01", "2024.01.02", ignored}});
}

TEST(Limits, a_revision_moves_but_does_not_come_or_go) {
  check({{"patch", "1.2.3-3", "1.2.3-4", update},
         {"patch", "1.2.3-4", "1.2.3-3", hold},
         {"patch", "1.2.3-4", "1.2.4-1", update},
         {"patch", "1.2.3-4", "1.2.3", ignored},
         {"patch", "1.2.3", "1.2.4-1", ignored}});
}

TEST(Limits, numbers_of_any_length_compare_exactly) {
  check({{"all", "9007199254740992", "9007199254740993", update},
         {"all", "9007199254740993", "9007199254740992", hold},
         {"all", "20240102030405006", "20240102030405007", update},
         {"patch", "1.2.99999999999999999999999999", "1.2.100000000000000000000000000", update},
         {"patch", "1.2.2147483647", "1.2.2147483648", update}});
}

TEST(Limits, signature_tags_are_never_candidates) {
  const std::string hash(64, 'a');
  for (const char* end : {"", ".sig", ".att", ".sbom"}) {
    for (const char* policy : {"none", "patch", "all", "force"}) {
      EXPECT_EQ(judge(policy, "1.0.0", "sha256-" + hash + end), ignored) << policy << end;
    }
  }
  EXPECT_EQ(judge("all", "1.0.0", "sha256-not-a-digest"), ignored);
  const Answer answer = ask({.policy = "force", .current = "a", .tags = {"sha256-not-a-digest"}, .pushed = true});
  EXPECT_EQ(answer.chosen, "sha256-not-a-digest") << "an odd tag, but not a signature's";
}

}  // namespace
}  // namespace headwind::policies
