// SPDX-License-Identifier: Apache-2.0
// For unit tests: a host with clocks that stand still, captured logs, metrics and failures, scripted HTTP, given
// secrets; and a driver for each kind of plugin. The test links the plugin's own sources, and calls it through its C
// tables as the operator does:
//
//   TEST(Pager, waits_as_long_as_it_is_asked_to) {
//     hw::testing::fake_host host;
//     host.grant("token", "t0p");
//     host.http = hw::testing::answers{{.status = 503, .headers = {{"retry-after", "7"}}}, {.status = 202}};
//     hw::testing::notifier pager(host, R"({"url": "https://pager.example.com"})");
//     EXPECT_EQ(pager.send({.id = "1", .text = "web could not be updated"}), HW_UNAVAILABLE);
//     EXPECT_EQ(host.failures.back().retry_after_ms, 7000);
//     EXPECT_EQ(pager.send({.id = "1", .text = "web could not be updated"}), HW_OK);
//   }
//
// hw::testing::load opens a shared object instead, and hw::testing::instance is what the drivers are made of. In C:
// <headwind/testing/host.h>.
#pragma once
#include <headwind/sdk/testing/host.hpp>
#include <headwind/sdk/testing/notifier.hpp>
#include <headwind/sdk/testing/policy.hpp>
#include <headwind/sdk/testing/registry.hpp>
#include <headwind/sdk/testing/workload.hpp>
