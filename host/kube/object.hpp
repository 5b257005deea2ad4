// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "core/text.hpp"

namespace headwind::kube {

// The few fields of an object that are kept, read from the stream without building a tree.
struct Object {
  std::string name_space, name, uid, resource_version;
  std::int64_t generation = 0;
  std::int64_t created_ms = 0;
  TextMap annotations;  // only those that start with "headwind.sh/"
  std::string json;     // the whole object, as the server wrote it
};

// Reads one object. False where it is not a JSON object with metadata. (Items of a list of built-in types come
// without apiVersion and kind: so the server sends them.)
bool read_object(std::string_view json, Object& out);

}  // namespace headwind::kube
