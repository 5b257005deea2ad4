// SPDX-License-Identifier: Apache-2.0
#include "fake/list.hpp"

#include <algorithm>

#include "core/hash.hpp"

namespace headwind::fake {
namespace {

std::string make_token(std::int64_t revision, const std::string& start) {
  return base64_encode(Json{{"v", "meta.k8s.io/v1"}, {"rv", revision}, {"start", start}}.dump());
}

bool read_token(std::string_view token, std::int64_t& revision, std::string& start) {
  std::string text;
  Json content;
  if (!base64_decode(token, text) || !parse_json(text, content)) return false;
  const Json* number = find_at(content, {"rv"});
  start = text_at(content, {"start"});
  if (number == nullptr || !number->is_number_integer()) return false;
  revision = number->get<std::int64_t>();
  return true;
}

// Items of built-in lists carry no kind of their own; those of custom resources do.
Json list_item(const ResourceType& type, const Json& object) {
  Json item = object;
  if (!type.custom) {
    item.erase("apiVersion");
    item.erase("kind");
  }
  return item;
}

}  // namespace

const Lister::Items* Lister::snapshot(const ResourceType& type, std::uint64_t revision, bool make) {
  for (const Snapshot& kept : snapshots_) {
    if (kept.type == &type && kept.revision == revision) return &kept.items;
  }
  if (!make) return nullptr;
  constexpr std::size_t kMaxSnapshots = 32;
  if (snapshots_.size() >= kMaxSnapshots) snapshots_.pop_front();
  const Store::Objects& all = store_.objects(type);
  snapshots_.push_back({&type, revision, Items(all.begin(), all.end())});
  return &snapshots_.back().items;
}

Outcome<Json> Lister::list(const ListQuery& query) {
  std::uint64_t revision = store_.revision();
  std::string start;
  const Items* items = nullptr;
  if (!query.token.empty()) {
    std::int64_t wanted = 0;
    if (!read_token(query.token, wanted, start)) {
      return failure(400, "invalid continue token: continue key is not valid");
    }
    if (wanted >= 0) {
      revision = static_cast<std::uint64_t>(wanted);
      // An empty history that was never compacted has compacted() == 0, below every token.
      items = revision <= store_.compacted() ? nullptr : snapshot(query.type, revision, false);
      if (items == nullptr) {
        Failure gone = expired(
            "The provided continue parameter is too old to display a consistent list result. You can "
            "start a new list without the continue parameter.");
        gone.status["metadata"]["continue"] = make_token(-1, start);
        return gone;
      }
    }
  }
  if (items == nullptr) items = snapshot(query.type, revision, true);

  Json out = {{"kind", std::string(query.type.kind) + "List"}, {"apiVersion", query.type.api_version()}};
  out["metadata"]["resourceVersion"] = std::to_string(revision);
  Json& found = out["items"] = Json::array();
  auto at = std::upper_bound(items->begin(), items->end(), start,
                             [](const std::string& key, const auto& item) { return key < item.first; });
  if (start.empty()) at = items->begin();
  const std::string prefix = query.name_space.empty() ? std::string() : query.name_space + "/";
  std::string last;
  for (; at != items->end(); ++at) {
    if (!at->first.starts_with(prefix) || !query.selector.matches(*at->second)) continue;
    if (query.limit > 0 && found.size() == query.limit) {
      out["metadata"]["continue"] = make_token(static_cast<std::int64_t>(revision), last);
      break;
    }
    found.push_back(list_item(query.type, *at->second));
    last = at->first;
  }
  return Outcome<Json>(std::move(out));
}

}  // namespace headwind::fake
