// SPDX-License-Identifier: Apache-2.0
#include "update/request.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwind::update {
namespace {

constexpr std::array<std::pair<Phase, std::string_view>, 9> phases{{{Phase::pending, "Pending"},
                                                                    {Phase::approved, "Approved"},
                                                                    {Phase::applying, "Applying"},
                                                                    {Phase::completed, "Completed"},
                                                                    {Phase::failed, "Failed"},
                                                                    {Phase::rejected, "Rejected"},
                                                                    {Phase::expired, "Expired"},
                                                                    {Phase::superseded, "Superseded"},
                                                                    {Phase::rolled_back, "RolledBack"}}};

}  // namespace

std::string_view to_string(Phase phase) {
  const auto found = std::find_if(phases.begin(), phases.end(), [&](const auto& row) { return row.first == phase; });
  return found == phases.end() ? "Pending" : found->second;
}

const Condition* UpdateRequest::find_condition(std::string_view type) const {
  const auto found =
      std::find_if(conditions.begin(), conditions.end(), [&](const Condition& c) { return c.type == type; });
  return found == conditions.end() ? nullptr : &*found;
}

Phase phase_from(std::string_view text) {
  const auto found = std::find_if(phases.begin(), phases.end(), [&](const auto& row) { return row.second == text; });
  return found == phases.end() ? Phase::pending : found->first;
}

}  // namespace headwind::update
