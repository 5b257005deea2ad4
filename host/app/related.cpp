// SPDX-License-Identifier: Apache-2.0
#include "app/related.hpp"

#include <nlohmann/json.hpp>

#include "kube/owner.hpp"
#include "kube/paths.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds until_looked_again{5};
constexpr std::chrono::milliseconds nap{250};  // stop() is noticed within that

std::string name_of(const kube::Object& object) { return object.name_space + "/" + object.name; }

// What the discovery document of a group (APIGroup) says, "v1"; empty where it is none.
std::string preferred_version(const std::string& group) {
  const json document = json::parse(group, nullptr, false);
  if (!document.is_object()) return {};
  const json version = document.value("/preferredVersion/version"_json_pointer, json());
  return version.is_string() ? version.get<std::string>() : std::string();
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

void RelatedObjects::drop_others(const std::string& collection, unsigned list) {
  const auto gone =
      std::erase_if(kept_, [&](const auto& one) { return one.first.first == collection && one.second.list != list; });
  if (gone != 0) ++generation_;
}

RelatedWatch::RelatedWatch(std::shared_ptr<kube::Client> client, std::string kind,
                           std::shared_ptr<RelatedObjects> objects)
    : client_(std::move(client)), kind_(std::move(kind)), objects_(std::move(objects)) {}

void RelatedWatch::stop() {
  stopped_ = true;
  if (reflector_) reflector_->stop();
}

// The path of its list; empty where it is not served, or that cannot be told now.
Task<std::string> RelatedWatch::find_collection() const {
  const std::size_t slash = kind_.find('/');
  const std::string group = kind_.substr(0, slash), plural = kind_.substr(slash + 1);
  const Result<std::string> document = co_await client_->get("/apis/" + kube::percent_encode(group));
  const std::string version = document ? preferred_version(*document) : std::string();
  if (version.empty()) co_return std::string();
  std::string path = "/apis/" + group + "/" + version + "/" + plural;
  const std::string short_list = kube::with_query(path, {{"limit", "1"}});
  const Result<std::string> one = co_await client_->get(short_list);
  if (!one && one.error().code == Code::not_found) co_return std::string();
  co_return path;
}

Task<> RelatedWatch::run(std::shared_ptr<RelatedWatch> self) {
  std::string path;
  while (!self->stopped_) {
    path = co_await self->find_collection();
    if (!path.empty()) break;
    self->settled_ = true;
    for (auto left = std::chrono::milliseconds(until_looked_again); left.count() > 0 && !self->stopped_; left -= nap)
      co_await sleep_for(nap);
  }
  if (self->stopped_) co_return;
  self->reflector_ = std::make_unique<kube::Reflector>(self->client_, path, *self, kube::ReflectorOptions{});
  co_await self->reflector_->run();
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
