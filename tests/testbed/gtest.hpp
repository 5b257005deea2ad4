// SPDX-License-Identifier: Apache-2.0
// For GoogleTest programs: skips the test with one sentence where the real control plane is not built.
#pragma once
#include <gtest/gtest.h>

#include "testbed/control_plane.hpp"

#define HEADWIND_NEEDS_CONTROL_PLANE() \
  if (!::headwind::testbed::available()) GTEST_SKIP() << ::headwind::testbed::why_unavailable()
