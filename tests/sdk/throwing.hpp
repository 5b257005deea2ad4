// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <headwind/headwind.h>
#include <headwind/sdk/testing.hpp>
#include <string>

namespace headwind::sdk {

// An instance of one of the plugins of modules/throwing.cpp.
struct Throwing {
  hw::testing::fake_host host;
  hw::testing::instance instance;

  explicit Throwing(const std::string& id, const std::string& settings = "{}")
      : instance(host, module(), settings, id) {}
  static const hw_module* module() {
    static const hw_module* const loaded = hw::testing::load(THROWING_MODULE);
    return loaded;
  }
  template <class Api>
  const Api* api() const {
    return instance.api<Api>();
  }
};

struct Thrown {
  const char* what;
  hw_status status;
  bool retryable;
  std::int64_t retry_after_ms;
  const char* message;
};
inline const Thrown all_thrown[] = {
    {"error", HW_THROTTLED, true, 1500, "slow down"},
    {"invalid", HW_INVALID, false, 0, "never"},
    {"memory", HW_INTERNAL, true, 0, "out of memory in the plugin"},
    {"standard", HW_INTERNAL, false, 0, "a defect"},
    {"odd", HW_INTERNAL, false, 0, "the plugin threw something that is not a std::exception"}};

inline std::string throws(const char* what) { return std::string(R"({"throw":")") + what + "\"}"; }

inline void expect_failure(const hw::testing::fake_host& host, hw_status status, const Thrown& thrown) {
  EXPECT_EQ(status, thrown.status) << thrown.what;
  ASSERT_EQ(host.failures.size(), 1u) << thrown.what;
  EXPECT_EQ(host.failures[0].code, thrown.status);
  EXPECT_EQ(host.failures[0].retryable, thrown.retryable) << thrown.what;
  EXPECT_EQ(host.failures[0].retry_after_ms, thrown.retry_after_ms) << thrown.what;
  EXPECT_EQ(host.failures[0].message, thrown.message);
}

}  // namespace headwind::sdk
