// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include "load/policy.h"
namespace {
const hw_plugin plugin = PLUGIN(sizeof(hw_plugin), HW_LITERAL("test.hostile.throws"), NO_SCHEMA, &api);
struct Thrower {
  Thrower() { throw std::runtime_error("a bug"); }
} thrower;
}  // namespace
STATIC_MODULE(plugin)
