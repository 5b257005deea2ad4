// SPDX-License-Identifier: Apache-2.0
#include "app/related.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kube/owner.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds until_looked_again{5};

std::string name_of(const kube::Object& object) { return object.name_space + "/" + object.name; }

ServedKind served_kind(const std::string& kind, const std::string& name_space) {
  const std::size_t slash = kind.find('/');
  return {kind.substr(0, slash), kind.substr(slash + 1), {}, false, until_looked_again, name_space};
}

}  // namespace

std::vector<std::string> RelatedObjects::texts() const {
  std::vector<std::string> all;
  all.reserve(kept_.size());
  for (const auto& [name, kept] : kept_) all.push_back(kept.json);
  return all;
}

const RelatedObjects::Kept* RelatedObjects::find(std::string_view kind, std::string_view name_space,
                                                 std::string_view name) const {
  const std::string full = std::string(name_space) + "/" + std::string(name);
  for (const auto& [place, kept] : kept_)
    if (kept.kind == kind && place.second == full) return &kept;
  return nullptr;
}

bool RelatedObjects::put(const std::string& collection, const kube::Object& object, std::optional<unsigned> list) {
  const json whole = json::parse(object.json, nullptr, false);
  if (!whole.is_object()) return false;
  const auto part = [&](const char* key) { return whole.contains(key) ? whole.at(key) : json(); };
  const json kept{{"apiVersion", part("apiVersion")},
                  {"kind", part("kind")},
                  {"metadata", {{"namespace", object.name_space}, {"name", object.name}}},
                  {"spec", part("spec")}};
  std::string text = kept.dump(-1, ' ', false, json::error_handler_t::replace);
  Kept& place = kept_[{collection, name_of(object)}];
  if (list) place.list = *list;
  std::string owner = kube::owner_of(object.json);
  if (place.json == text && place.owner == owner) return false;
  place.kind = part("kind").is_string() ? part("kind").get<std::string>() : std::string();
  place.json = std::move(text);
  place.owner = std::move(owner);
  ++generation_;
  return true;
}

bool RelatedObjects::remove(const std::string& collection, const kube::Object& object) {
  const bool gone = kept_.erase({collection, name_of(object)}) != 0;
  if (gone) ++generation_;
  return gone;
}

bool RelatedObjects::may_change(std::string_view name_space, std::string_view for_workload_in) const {
  return name_space == for_workload_in || std::find(open_.begin(), open_.end(), name_space) != open_.end();
}

std::string RelatedObjects::other_user(std::string_view workload, std::string_view object) const {
  const auto other = std::find_if(references_.begin(), references_.end(), [&](const auto& one) {
    return one.first != workload && one.second.object == object;
  });
  return other == references_.end() ? std::string() : other->first;
}

bool RelatedObjects::refer(const std::string& workload, const std::string& object, unsigned list) {
  const auto known = references_.find(workload);
  const std::string former = known == references_.end() ? std::string() : known->second.object;
  if (object.empty())
    references_.erase(workload);
  else
    references_.insert_or_assign(workload, Reference{object, list});
  if (former == object) return false;
  const bool shared = (!former.empty() && !other_user(workload, former).empty()) ||
                      (!object.empty() && !other_user(workload, object).empty());
  if (shared) ++generation_;
  return shared;
}

void RelatedObjects::drop_other_references(unsigned list) {
  std::vector<std::string> gone;
  for (const auto& [workload, reference] : references_)
    if (reference.list != list) gone.push_back(workload);
  bool shared = false;
  for (const std::string& workload : gone) shared = unrefer(workload) || shared;
  if (shared) changed();
}

void RelatedObjects::drop_others(const std::string& collection, unsigned list) {
  const auto gone =
      std::erase_if(kept_, [&](const auto& one) { return one.first.first == collection && one.second.list != list; });
  if (gone != 0) ++generation_;
}

RelatedWatch::RelatedWatch(std::shared_ptr<kube::Client> client, std::string kind,
                           std::shared_ptr<RelatedObjects> objects, const std::string& name_space)
    : ServedWatch(std::move(client), served_kind(kind, name_space), {}),
      kind_(std::move(kind)),
      objects_(std::move(objects)) {}

Task<kube::Sink*> RelatedWatch::found(std::string) { co_return this; }

void RelatedWatch::absent(Served served) {
  settled_ = true;
  if (served == Served::unknown || !std::exchange(listed_, false)) return;
  list_started();  // there are none of it any more
  objects_->drop_others(kind_, list_);
  objects_->changed();
}

Task<Result<>> RelatedWatch::upsert(std::vector<kube::Object> objects) {
  bool news = false;
  for (const kube::Object& object : objects) news = objects_->put(kind_, object, list_) || news;
  if (news && listed_) objects_->changed();
  co_return Result<>{};
}

void RelatedWatch::removed(const kube::Object& object) {
  if (objects_->remove(kind_, object)) objects_->changed();
}

void RelatedWatch::list_finished() {
  objects_->drop_others(kind_, list_);
  settled_ = listed_ = true;
  told_lost_ = false;
  objects_->changed();
}

void RelatedWatch::lost(const Error& error) {
  if (std::exchange(told_lost_, true)) return;
  telemetry::warn("kube", "watch interrupted; trying again", {{"collection", kind_}, {"error", error.message}});
}

}  // namespace headwind::app
