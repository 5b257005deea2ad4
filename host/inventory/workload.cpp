// SPDX-License-Identifier: Apache-2.0
#include "inventory/workload.hpp"

#include <algorithm>

#include "inventory/packed.hpp"

namespace headwind::inventory {

std::string Workload::path() const {
  const bool core_group = api_version.str().find('/') == std::string::npos;
  return (core_group ? "/api/" : "/apis/") + api_version.str() + "/namespaces/" + key.name_space.str() + "/" +
         plural.str() + "/" + key.name;
}

const std::string* Workload::annotation(std::string_view name) const {
  const auto found = std::find_if(annotations.begin(), annotations.end(),
                                  [&](const auto& annotation) { return annotation.first == name; });
  return found == annotations.end() ? nullptr : &found->second;
}

const Slot* Workload::find_slot(std::string_view slot) const {
  const auto found = std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return s.slot == slot; });
  return found == slots.end() ? nullptr : &*found;
}

std::string Workload::history_text() const { return has_history ? unpack(history) : std::string{}; }

void Workload::set_history(std::string_view text) {
  history = pack(text);
  has_history = true;
}

}  // namespace headwind::inventory
