// SPDX-License-Identifier: Apache-2.0
// Host names with wildcards, as keys of the settings: "*.dkr.ecr.*.amazonaws.com", "app*.example.com:5000".
#pragma once
#include <string_view>

namespace headwind::registries {

bool is_host_pattern(std::string_view name);
// As the kubelet matches hosts: a '*' stays within its label, ports must be equal, and one must have as many labels as
// the other. Both in lower case.
bool host_matches(std::string_view pattern, std::string_view host);

}  // namespace headwind::registries
