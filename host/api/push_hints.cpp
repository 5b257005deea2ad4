// SPDX-License-Identifier: Apache-2.0
#include "api/push_hints.hpp"

#include <optional>
#include <utility>

#include "core/chart_reference.hpp"
#include "core/image_reference.hpp"

namespace headwind::api {
namespace {

using Aliases = std::map<std::string, std::string>;

std::string with_alias(const std::string& repository, const Aliases& aliases) {
  const std::size_t slash = repository.find('/');
  if (slash == std::string::npos) return repository;
  const auto found = aliases.find(repository.substr(0, slash));
  return found == aliases.end() ? repository : found->second + repository.substr(slash);
}

// The canonical repository; nothing where no image and no chart could be named so.
std::optional<std::string> canonical(const std::string& repository, const Aliases& aliases) {
  if (is_chart_url(repository)) {
    const auto chart = parse_chart_reference(repository + ":0");
    if (!chart) return std::nullopt;
    return chart->repository;
  }
  const auto first = parse_image_reference(with_alias(repository, aliases));
  if (!first || !first->tag.empty() || !first->digest.empty()) return std::nullopt;
  std::string name = first->repository();
  const std::string aliased = with_alias(name, aliases);
  if (aliased == name) return name;
  const auto second = parse_image_reference(aliased);
  if (!second || !second->tag.empty() || !second->digest.empty()) return std::nullopt;
  return second->repository();
}

}  // namespace

PushSummary hints_from(std::vector<Push> pushes, const Aliases& aliases, const std::string& trace,
                       std::int64_t arrived_ms) {
  PushSummary summary;
  for (Push& push : pushes) {
    if (push.deleted) {
      ++summary.deleted;
    } else if (push.tag.empty()) {
      ++summary.untagged;
    } else if (auto repository = canonical(push.repository, aliases); repository && is_valid_tag(push.tag)) {
      if (!is_valid_digest(push.digest)) push.digest.clear();
      summary.hints.push_back({std::move(*repository), std::move(push.tag), std::move(push.digest),
                               update::Origin::webhook, trace, arrived_ms});
    } else {
      ++summary.invalid;
    }
  }
  return summary;
}

}  // namespace headwind::api
