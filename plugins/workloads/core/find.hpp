// SPDX-License-Identifier: Apache-2.0
// The values of an object that a path leads to.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "workloads/core/json_object.hpp"
#include "workloads/core/json_path.hpp"

namespace headwind::workloads {

struct Match {
  Value value;
  Steps way;  // to it, without wildcards
};

// In the document's order; those beyond `most` are passed over.
std::vector<Match> find_all(Value root, const Steps& path, std::size_t most);

// The value at a way without wildcards; nothing where it is not there, or null.
std::optional<Value> find_one(Value root, const Steps& way);

// The way that `path` takes where its wildcards take the turns that those of `other` took on `taken`. It has no more of
// them than `other`.
Steps follow(const Steps& path, const Steps& other, const Steps& taken);

}  // namespace headwind::workloads
