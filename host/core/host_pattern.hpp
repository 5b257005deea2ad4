// SPDX-License-Identifier: Apache-2.0
// Registry hosts with wildcards, as the keys of the configuration: "*.dkr.ecr.*.amazonaws.com".
#pragma once
#include <string_view>

namespace headwind {

bool is_host_pattern(std::string_view host);
// A '*' stands for (a part of) one label; ports are equal or both absent. Without a '*': the very host.
bool host_fits(std::string_view pattern, std::string_view host);
// Of two entries that fit a host: is `one` more special than `other`? The host itself, then longer patterns.
bool is_more_special(std::string_view one, std::string_view other);

}  // namespace headwind
