// SPDX-License-Identifier: Apache-2.0
#include "app/kind_watch.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "kube/paths.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds until_looked_again{15}, until_asked_again{2};
constexpr std::chrono::milliseconds nap{250};  // stop() is noticed within that

}  // namespace

std::string served_version(const std::string& group, const std::vector<std::string>& versions) {
  const json document = json::parse(group, nullptr, false);
  if (!document.is_object() || !document.contains("versions") || !document["versions"].is_array()) return {};
  const json& served = document["versions"];
  for (const std::string& wanted : versions)
    if (std::any_of(served.begin(), served.end(), [&](const json& one) {
          return one.is_object() && one.contains("version") && one["version"] == wanted;
        }))
      return wanted;
  return {};
}

KindWatch::KindWatch(std::shared_ptr<kube::Client> client, Kinds kinds, std::size_t place, update::Engine& engine,
                     ClusterRollouts& rollouts)
    : client_(std::move(client)), kinds_(std::move(kinds)), place_(place), engine_(engine), rollouts_(rollouts) {}

void KindWatch::stop() {
  stopped_ = true;
  if (reflector_) reflector_->stop();
  for (const auto& watch : related_) watch->stop();
  related_.clear();
}

Task<> KindWatch::pause(std::chrono::milliseconds duration) const {
  for (auto left = duration; left.count() > 0 && !stopped_; left -= nap) co_await sleep_for(nap);
}

// A group may be there without this kind: its list is asked as well, one object of it.
Task<KindWatch::Served> KindWatch::find_version() {
  if (!kind().group.empty()) {
    const Result<std::string> group = co_await client_->get("/apis/" + kube::percent_encode(kind().group));
    if (!group && group.error().code == Code::not_found) co_return Served::no;
    if (!group && group.error().code != Code::denied) co_return Served::unknown;
    if (group) {
      const std::string version = served_version(*group, kind().versions);
      if (version.empty()) co_return Served::no;
      set_version(kind(), version);
    }
  }
  const std::string short_list = kube::with_query(kind().collection, {{"limit", "1"}});
  const Result<std::string> one = co_await client_->get(short_list);
  if (!one && one.error().code == Code::not_found) co_return Served::no;
  // Flux is no part of every cluster, and its rights are younger than the others: they hold nobody else up.
  const bool optional = !kind().related.empty();
  co_return !one && one.error().code == Code::denied && optional ? Served::denied : Served::yes;
}

void KindWatch::tell_absent(Served served) {
  if (served == Served::unknown || std::exchange(told_absent_, true)) return;
  if (served == Served::denied)
    telemetry::warn("app", "kind may not be read; apply deploy/20-rbac.yaml", {{"kind", kind().kind.str()}});
  else
    telemetry::info("app", "kind not served by this cluster; looked for again until it is",
                    {{"kind", kind().kind.str()}, {"group", kind().group}});
  engine_.workload_list_started(kind().kind);  // there are none of it
  engine_.workload_list_finished(kind().kind);
}

Task<> KindWatch::run(std::shared_ptr<KindWatch> self) {
  while (!self->stopped_) {
    const Served served = co_await self->find_version();
    if (self->stopped_) co_return;
    if (served == Served::yes) break;
    self->tell_absent(served);
    co_await self->pause(served == Served::unknown ? until_asked_again : until_looked_again);
  }
  if (self->stopped_) co_return;
  kube::ReflectorOptions annotated;
  annotated.only_annotated = true;
  self->sink_ = std::make_unique<WorkloadSink>(self->engine_, self->rollouts_, self->kind());
  self->reflector_ = std::make_unique<kube::Reflector>(self->client_, self->kind().collection, *self->sink_, annotated);
  watch_related(self, co_await boost::asio::this_coro::executor);
  co_await wait_for_related(self);
  if (self->stopped_) co_return;
  co_await self->reflector_->run();
}

// Else the objects would be without slots at first, and what was pushed before the start would find nobody.
Task<> KindWatch::wait_for_related(std::shared_ptr<KindWatch> self) {
  constexpr std::chrono::seconds patience{10};
  const auto settled = [](const auto& watch) { return watch->settled(); };
  for (auto left = std::chrono::milliseconds(patience); left.count() > 0 && !self->stopped_; left -= nap / 5) {
    if (std::all_of(self->related_.begin(), self->related_.end(), settled)) co_return;
    co_await sleep_for(nap / 5);
  }
}

void KindWatch::watch_related(const std::shared_ptr<KindWatch>& self, const Executor& executor) {
  if (self->kind().related.empty()) return;
  RelatedObjects& objects = *self->kind().related_objects;
  objects.on_change([weak = std::weak_ptr(self), executor] {
    if (auto watch = weak.lock()) spawn(executor, "read again", read_again(std::move(watch)));
  });
  for (const std::string& kind : self->kind().related) {
    self->related_.push_back(std::make_shared<RelatedWatch>(self->client_, kind, self->kind().related_objects));
    spawn(executor, "related watch", RelatedWatch::run(self->related_.back()));
  }
}

Task<> KindWatch::read_again(std::shared_ptr<KindWatch> self) { co_await self->sink_->read_again(); }

}  // namespace headwind::app
