// SPDX-License-Identifier: Apache-2.0
#include "app/served_watch.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/belongings.hpp"
#include "kube/paths.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds until_asked_again{2000};
constexpr std::chrono::milliseconds nap{250};  // stop() is noticed within that
// While a definition is replaced its group is away for a moment: what was served is not gone at the first miss.
constexpr unsigned misses_of_what_is_gone = 3;

}  // namespace

std::string served_version(const std::string& group, const std::vector<std::string>& versions) {
  const json document = json::parse(group, nullptr, false);
  if (versions.empty()) return text_at(document, "/preferredVersion/version");
  if (!document.is_object() || !document.contains("versions") || !document["versions"].is_array()) return {};
  const json& served = document["versions"];
  for (const std::string& wanted : versions)
    if (std::any_of(served.begin(), served.end(), [&](const json& one) { return text_at(one, "/version") == wanted; }))
      return wanted;
  return {};
}

ServedWatch::ServedWatch(std::shared_ptr<kube::Client> client, ServedKind kind, kube::ReflectorOptions options)
    : client_(std::move(client)), kind_(std::move(kind)), options_(std::move(options)) {
  options_.ends_where_absent = true;
}

void ServedWatch::stop() {
  stopped_ = true;
  if (reflector_) reflector_->stop();
}

void ServedWatch::list_again() {
  again_ = true;
  if (reflector_) reflector_->stop();
}

Task<> ServedWatch::pause(std::chrono::milliseconds duration) const {
  for (auto left = duration; left.count() > 0 && !stopped_; left -= nap) co_await sleep_for(nap);
}

std::string ServedWatch::collection(const std::string& version) const {
  return kube::collection_path({kind_.group, version, kind_.plural}, kind_.name_space);
}

// A group may be there without this kind: its list is asked as well, one object of it.
Task<Served> ServedWatch::find_version() {
  std::string version = kind_.versions.empty() ? version_ : kind_.versions.front();
  if (!kind_.group.empty()) {
    const Result<std::string> group = co_await client_->get("/apis/" + kube::percent_encode(kind_.group));
    if (!group && group.error().code == Code::not_found) co_return Served::no;
    if (!group && group.error().code != Code::denied) co_return Served::unknown;
    if (group) version = served_version(*group, kind_.versions);
  }
  if (version.empty()) co_return Served::no;
  const std::string short_list = kube::with_query(collection(version), {{"limit", "1"}});
  const Result<std::string> one = co_await client_->get(short_list);
  if (!one && one.error().code == Code::not_found) co_return Served::no;
  if (!one && one.error().code == Code::denied && kind_.optional) co_return Served::denied;
  version_ = version;
  co_return Served::yes;
}

bool ServedWatch::is_gone(Served served) {
  if (served == Served::unknown) return false;
  return !was_served_ || ++missed_ >= misses_of_what_is_gone;
}

Task<> ServedWatch::run(std::shared_ptr<ServedWatch> self) {
  while (!self->stopped_) {
    const Served served = co_await self->find_version();
    if (self->stopped_) co_return;
    if (served != Served::yes) {
      const bool gone = self->is_gone(served);
      if (gone || served == Served::unknown) self->absent(served);
      co_await self->pause(gone ? self->kind_.look_again : until_asked_again);
      continue;
    }
    const std::string version = self->version_, collection = self->collection(version);
    self->was_served_ = true, self->missed_ = 0;
    self->again_ = false;
    kube::Sink* const sink = co_await self->found(version);
    if (self->stopped_) co_return;
    if (self->again_) continue;  // the sink is to be told anew
    self->reflector_ = std::make_unique<kube::Reflector>(self->client_, collection, *sink, self->options_);
    co_await self->reflector_->run();
    if (self->stopped_) co_return;
    if (self->again_) continue;
    telemetry::warn("app", "kind no longer served in this version; looking for another",
                    {{"kind", self->kind_.plural + "." + self->kind_.group}, {"version", version}});
    // The server may go on naming a version for a moment whose objects it serves no more.
    co_await self->pause(nap);
  }
}

}  // namespace headwind::app
