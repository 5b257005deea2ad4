// SPDX-License-Identifier: Apache-2.0
// One reading of a repository: its list of tags, the digests of some, or both.
#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/symbol.hpp"
#include "telemetry/metrics.hpp"
#include "update/candidates.hpp"
#include "update/ports.hpp"

namespace headwind::app {

struct TagNeeds {
  bool list = false;
  std::set<std::string> tags;  // whose digests are wanted
  bool cover(const TagNeeds& others) const {
    return (list || !others.list) && std::includes(tags.begin(), tags.end(), others.tags.begin(), others.tags.end());
  }
};

struct TagReading {
  std::vector<update::Candidate> candidates;
  std::optional<std::size_t> listed;    // so many of them are the list's, where it was read
  std::optional<Error> no_list;         // why it was not read, or is not believed
  std::map<std::string, Error> missed;  // tags whose digest could not be had
  Result<> outcome;                     // the last trouble of the two
};

// With the credentials of `access` (inventory::Workload). `registries`, `compat` and `clock` must outlive it.
Task<TagReading> read_tags(update::Registries& registries, telemetry::CompatMetrics& compat, const Clock& clock,
                           std::string repository, TagNeeds needs, Symbol access);

}  // namespace headwind::app
