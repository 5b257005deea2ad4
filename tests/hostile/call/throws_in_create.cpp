// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include "load/policy.h"
namespace {
hw_status throwing_create(const hw_call*, const hw_plugin*, hw_str, void**) { throw std::runtime_error("a bug"); }
const hw_plugin plugin = {sizeof(hw_plugin),
                          HW_KIND_POLICY,
                          0,
                          0,
                          HW_LITERAL("test.hostile.throws-in-create"),
                          HW_LITERAL("1.0.0"),
                          HW_LITERAL("hostile"),
                          {nullptr, 0},
                          nullptr,
                          &api,
                          throwing_create,
                          free_instance,
                          nullptr};
}  // namespace
STATIC_MODULE(plugin)
