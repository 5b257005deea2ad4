// SPDX-License-Identifier: Apache-2.0
// One check, made in a child of this process: a plugin that crashes, hangs or ends its process has answered it.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "conformance/finding.hpp"

namespace headwind::conformance {

// Forks, so this process must have no other thread and no plugin open. What the child writes goes nowhere; it gets no
// input. It and what it starts are killed after `limit`. A child that ends without a finding has failed the check, with
// a sentence that says how, and where it was.
Finding try_apart(std::chrono::milliseconds limit, const std::function<Finding()>& check);

// In the child, from any thread: what it is about to do, to follow "crashed with SIGSEGV in ": "send (an event without
// text)".
void enter_place(std::string_view place);

}  // namespace headwind::conformance
