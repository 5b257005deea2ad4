// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include "call/flawed.h"
struct silence : std::exception {
  const char* what() const noexcept override { return nullptr; }
};
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  (void)self, (void)call, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  throw silence();
}
FLAWED_POLICY("test.hostile.silent-exception", nullptr)
