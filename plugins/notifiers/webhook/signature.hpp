// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace headwind::notifiers {

// "sha256=<hex>" of HMAC-SHA256(secret, body). `legacy`: of SHA256(secret followed by body), which Headwind 0.1.x sent.
std::string signature(std::string_view secret, std::string_view body, bool legacy);

}  // namespace headwind::notifiers
