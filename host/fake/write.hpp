// SPDX-License-Identifier: Apache-2.0
// Creating, replacing, patching and deleting, with the checks of a real API server.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "fake/status.hpp"
#include "fake/store.hpp"

namespace headwind::fake {

struct WriteTarget {
  const ResourceType& type;
  std::string name_space, name;
  bool status = false;   // the status subresource
  bool dry_run = false;  // everything but the storing
  bool strict = false;   // fieldValidation=Strict
};

struct Written {
  Json object;  // or a Status of success
  std::vector<std::string> warnings;
};

class Writer {
 public:
  Writer(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Outcome<Written> create(const WriteTarget& target, Json body);
  Outcome<Written> update(const WriteTarget& target, Json body);
  Outcome<Written> patch(const WriteTarget& target, std::string_view content_type, std::string_view body);
  Outcome<Written> remove(const WriteTarget& target, const Json& options);

  // Stores without asking: the control interface. Status included; metadata that is missing is filled in.
  ObjectPtr put(const ResourceType& type, Json object);

 private:
  // `next` is to follow `old`, which is stored.
  Outcome<Written> commit(const WriteTarget& target, const Json& old, Json next);
  void stamp_new(const ResourceType& type, Json& object) const;

  Store& store_;
  const Clock& clock_;
};

}  // namespace headwind::fake
