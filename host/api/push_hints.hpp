// SPDX-License-Identifier: Apache-2.0
// From what a registry said to what the engine is asked to look at.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "api/intake.hpp"

namespace headwind::api {

struct PushSummary {
  std::vector<update::Hint> hints;
  // Pushes that ask for nothing, by cause.
  std::size_t deleted = 0;   // the artifact is gone
  std::size_t untagged = 0;  // a layer, or a manifest pushed by digest
  std::size_t invalid = 0;   // no repository or tag that an image could name
};

// Repositories are canonical afterwards, their hosts replaced where `aliases` says so (before or after the host was
// made canonical). A digest that is none is dropped: it is confirmed at the registry in any case.
PushSummary hints_from(std::vector<Push> pushes, const std::map<std::string, std::string>& aliases,
                       const std::string& trace, std::int64_t arrived_ms);

}  // namespace headwind::api
