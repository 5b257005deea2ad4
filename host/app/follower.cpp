// SPDX-License-Identifier: Apache-2.0
#include "app/follower.hpp"

#include <algorithm>
#include <utility>

#include "app/rollout_view.hpp"
#include "inventory/inventory.hpp"
#include "kube/object.hpp"

namespace headwind::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds together{50};  // what changes within that time is looked at once
// The answer to our own patch shows that its controller has not seen it: what comes of it comes by the watch. Only
// where nothing comes, as from a kind without a controller, it is looked at all the same.
constexpr milliseconds first_look{1000};
constexpr milliseconds first_pause{1000}, longest_pause{30'000};

}  // namespace

// The objects of one companion kind, for as long as the follower or their own watch needs them.
struct Follower::Watched {
  Watched(std::shared_ptr<CompanionBytes> bytes, std::function<void()> changed,
          std::function<void(const Error&)> out_of_sight)
      : objects(std::move(bytes), std::move(changed), std::move(out_of_sight)) {}
  Companions objects;
  std::unique_ptr<kube::Reflector> reflector;

  static Task<> run(std::shared_ptr<Watched> self) { co_await self->reflector->run(); }
};

Task<> Follower::begin(std::shared_ptr<Follower> self) {
  milliseconds pause = first_pause;
  while (!self->stopped_ && self->object_.empty()) {
    const Result<std::string> object = co_await self->shared_->client->get(self->workload_.path());
    if (self->stopped_) co_return;
    if (kube::Object read; object && self->object_.empty()) {
      kube::read_object(*object, read);
      self->object_changed(read.resource_version, *object);
    }
    if (object) co_return;
    self->shared_->seen(self->workload_.key, object.error());
    if (object.error().code == Code::not_found) co_return;  // the watch says so, too
    co_await sleep_for(pause);
    pause = std::min(pause * 2, longest_pause);
  }
}

Task<> Follower::begin_with(std::shared_ptr<Follower> self, std::string version, std::string patched) {
  if (self->object_.empty()) {  // the watch may have been quicker
    self->object_ = std::move(patched);
    self->version_ = std::move(version);
  }
  co_await sleep_for(first_look);
  if (!self->news_ && !self->looked_) self->changed();
}

void Follower::object_changed(const std::string& version, const std::string& text) {
  if (inventory::is_older(version, version_)) return;
  if (!object_.empty() && !version.empty() && version == version_) return;  // our own patch, as the watch tells of it
  object_ = text;
  version_ = version;
  facts_.reset();
  changed();
}

void Follower::stop() {
  stopped_ = true;
  leave_companions();
}

void Follower::watch_companions(const std::string& selector) {
  kube::ReflectorOptions options;
  options.label_selector = selector;
  for (const std::string& companion : kind_.companions) {
    const std::string path = companion_path(companion, workload_.key.name_space.str());
    if (path.empty()) continue;
    const std::weak_ptr<Follower> self = weak_from_this();
    auto watched = std::make_shared<Watched>(
        shared_->bytes,
        [self] {
          if (const auto alive = self.lock()) alive->changed();
        },
        [self, companion](const Error& error) {
          if (const auto alive = self.lock()) alive->lost(companion, error);
        });
    watched->reflector = std::make_unique<kube::Reflector>(shared_->client, path, watched->objects, options);
    companions_.push_back(watched);
    spawn(shared_->executor, "rollout watch", Watched::run(watched));
  }
}

void Follower::leave_companions() {
  for (const auto& watched : companions_) watched->reflector->stop();
  companions_.clear();
  shared_->give_place_back(workload_.key);
}

bool Follower::all_listed() const {
  return std::all_of(companions_.begin(), companions_.end(), [](const auto& one) { return one->objects.listed(); });
}

// What is known of the companions is no longer kept up to date. Their watch is taken up again by itself, but says so
// only when something changes: until then somebody has to look.
void Follower::lost(const std::string& companion, const Error& error) {
  if (stopped_) return;
  shared_->seen(workload_.key, in_context(error, "its " + companion.substr(companion.rfind('/') + 1)));
  if (stopped_ || std::exchange(looking_again_, true)) return;
  spawn(shared_->executor, "rollout", look_again(shared_from_this()));
}

Task<> Follower::look_again(std::shared_ptr<Follower> self) {
  for (milliseconds pause = first_pause; !self->stopped_; pause = std::min(pause * 2, longest_pause)) {
    co_await sleep_for(pause);
    if (self->stopped_) co_return;
    const Result<update::RolloutView> view = co_await fresh_view(self->shared_->client, self->kind_, self->workload_);
    if (self->stopped_) co_return;
    self->shared_->seen(self->workload_.key, view);
    if (view) break;
  }
  self->looking_again_ = false;
}

void Follower::changed() {
  news_ = true;
  if (looking_ || stopped_ || object_.empty() || !all_listed()) return;
  looking_ = true;
  spawn(shared_->executor, "rollout", look(shared_from_this()));
}

Task<> Follower::look(std::shared_ptr<Follower> self) {
  while (self->news_ && !self->stopped_) {
    co_await sleep_for(together);
    self->news_ = false;
    co_await self->look_once();
  }
  self->looking_ = false;
}

Task<> Follower::look_once() {
  looked_ = true;
  if (!facts_) {
    const Result<kube::RolloutFacts> read = facts_of_rollout(kind_, object_);
    if (!read) {
      shared_->seen(workload_.key, read.error());
      co_return;
    }
    facts_ = *read;
  }
  const kube::RolloutFacts facts = *facts_;  // the object may change meanwhile
  const bool with_companions = !companions_.empty();
  std::vector<std::string> texts;
  for (const auto& watched : companions_) watched->objects.add_to(texts);
  const Result<update::RolloutView> view = co_await read_view(kind_, object_, facts, std::move(texts));
  if (stopped_) co_return;
  const bool held = view && view->state == update::RolloutView::State::held;
  if (held) leave_companions();
  if (view && !held && !with_companions) {
    // An empty selector would select everything.
    const bool can_tell = !kind_.companions.empty() && !facts.selector.empty() && !facts.stale;
    if (can_tell && companions_.empty() && shared_->take_place(workload_.key)) watch_companions(facts.selector);
    if (!companions_.empty()) co_return;  // the look that counts is the one at them, too
  }
  shared_->seen(workload_.key, view);
}

}  // namespace headwind::app
