// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace headwind::kube {

// What people wrote on an object, as the JSON text {"labels": {...}, "annotations": {...}}: without Headwind's own
// annotations, kubectl's copy of the object, and values longer than 4096 bytes.
std::string written_metadata(std::string_view json);
// Of that the labels alone: {"labels": {...}}.
std::string written_labels(std::string_view json);

}  // namespace headwind::kube
