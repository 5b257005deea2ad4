// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include "load/policy.h"
namespace {
void throwing_destroy(void* self) {
  free_instance(self);
  throw std::runtime_error("a bug");
}
const hw_plugin plugin = {sizeof(hw_plugin),
                          HW_KIND_POLICY,
                          0,
                          0,
                          HW_LITERAL("test.hostile.throws-in-destroy"),
                          HW_LITERAL("1.0.0"),
                          HW_LITERAL("hostile"),
                          {nullptr, 0},
                          nullptr,
                          &api,
                          create,
                          throwing_destroy,
                          nullptr};
}  // namespace
STATIC_MODULE(plugin)
