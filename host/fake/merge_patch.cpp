// SPDX-License-Identifier: Apache-2.0
#include "fake/merge_patch.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwind::fake {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kMergeKeys = {{
    {"containers", "name"},
    {"initContainers", "name"},
    {"ephemeralContainers", "name"},
    {"env", "name"},
    {"volumes", "name"},
    {"imagePullSecrets", "name"},
    {"secrets", "name"},
    {"volumeMounts", "mountPath"},
    {"ports", "containerPort"},
    {"ownerReferences", "uid"},
    {"conditions", "type"},
    {"addresses", "type"},
}};

std::string_view merge_key(std::string_view list) {
  const auto* found =
      std::find_if(kMergeKeys.begin(), kMergeKeys.end(), [&](const auto& pair) { return pair.first == list; });
  return found == kMergeKeys.end() ? std::string_view() : found->second;
}

std::string directive(const Json& patch) { return text_at(patch, {"$patch"}); }

Json without_directives(Json patch) {
  if (patch.is_object()) {
    for (auto member = patch.begin(); member != patch.end();) {
      if (member.key().starts_with('$') || member->is_null()) {
        member = patch.erase(member);
      } else {
        *member = without_directives(std::move(*member));
        ++member;
      }
    }
  } else if (patch.is_array()) {
    for (Json& item : patch) item = without_directives(std::move(item));
  }
  return patch;
}

// `order`: the values of `key` as the client wants them; null where it did not say.
void merge_list(Json& target, const Json& patch, std::string_view key, const Json* order) {
  if (!target.is_array()) target = Json::array();
  const bool replace =
      std::any_of(patch.begin(), patch.end(), [](const Json& item) { return directive(item) == "replace"; });
  if (replace) target = Json::array();
  std::ptrdiff_t added = 0;  // what is new comes first, unless an order is given
  for (const Json& item : patch) {
    const Json* value = find_at(item, {key});
    if (value == nullptr) continue;
    const auto same = std::find_if(target.begin(), target.end(), [&](const Json& other) {
      const Json* theirs = find_at(other, {key});
      return theirs != nullptr && *theirs == *value;
    });
    if (directive(item) == "delete") {
      if (same != target.end()) target.erase(same);
    } else if (same != target.end()) {
      apply_strategic_patch(*same, item);
    } else {
      target.insert(target.begin() + added++, without_directives(item));
    }
  }
  if (order == nullptr || !order->is_array()) return;
  const auto place = [&](const Json& item) {
    const Json* value = find_at(item, {key});
    const auto found = std::find_if(order->begin(), order->end(), [&](const Json& wanted) {
      const Json* theirs = find_at(wanted, {key});
      return value != nullptr && theirs != nullptr && *theirs == *value;
    });
    return found - order->begin();
  };
  std::vector<std::pair<std::ptrdiff_t, std::size_t>> places;
  for (std::size_t at = 0; at < target.size(); ++at) places.emplace_back(place(target[at]), at);
  std::sort(places.begin(), places.end());
  Json sorted = Json::array();
  for (const auto& [wanted, at] : places) sorted.push_back(std::move(target[at]));
  target = std::move(sorted);
}

}  // namespace

void apply_merge_patch(Json& target, const Json& patch) { target.merge_patch(patch); }

void apply_strategic_patch(Json& target, const Json& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object() || directive(patch) == "replace") target = Json::object();
  for (const auto& [name, value] : patch.items()) {
    if (name.starts_with('$')) continue;
    const std::string_view key = merge_key(name);
    if (value.is_null() || (value.is_object() && directive(value) == "delete")) {
      target.erase(name);
    } else if (value.is_object()) {
      apply_strategic_patch(target[name], value);
    } else if (value.is_array() && !key.empty()) {
      merge_list(target[name], value, key, find_at(patch, {"$setElementOrder/" + name}));
    } else {
      target[name] = value;
    }
  }
}

}  // namespace headwind::fake
