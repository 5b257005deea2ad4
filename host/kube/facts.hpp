// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "kube/pull_references.hpp"

namespace headwind::kube {

// What is known of an object beside its images, by one reading of its text: a start reads ten thousand of them.
struct Facts {
  PullReferences pulls;
  std::string owner;  // as owner_of() says
  // What people wrote on it, as the JSON text {"labels": {...}, "annotations": {...}} or {"labels": {...}}: without
  // Headwind's own annotations, kubectl's copy of the object, and values longer than 4096 bytes. Empty where it is not
  // wanted.
  std::string metadata;
};

enum class Metadata : std::uint8_t { none, labels, labels_and_annotations };

// Empty facts where `json` is not JSON.
Facts read_facts(std::string_view json, Metadata wanted);

}  // namespace headwind::kube
