// SPDX-License-Identifier: Apache-2.0
#include "config/key_defaults.hpp"

#include <gtest/gtest.h>

#include "config/keys.hpp"

namespace headwind::config {
namespace {

TEST(KeyDefaults, each_is_what_counts_where_nobody_says_otherwise) {
  std::size_t with = 0;
  for (const Key& key : keys()) {
    const std::string_view text = default_of(key.path);
    if (text.empty()) continue;
    ++with;
    ASSERT_FALSE(key.read) << key.path << " is a structure";
    Config config;
    const Problem problem = key.apply(config, text);
    EXPECT_FALSE(problem) << key.path << ": " << *problem;
    EXPECT_EQ(changed_keys(Config(), config), std::vector<std::string>()) << key.path;
  }
  EXPECT_GE(with, 28U) << "keys that a row of the table names are gone";
}

}  // namespace
}  // namespace headwind::config
