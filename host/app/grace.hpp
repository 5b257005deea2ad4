// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>

namespace headwind::app {

constexpr std::chrono::milliseconds grace{5000};  // for each step of a stop to end what is under way

}  // namespace headwind::app
