// SPDX-License-Identifier: Apache-2.0
#include "app/kind_watch.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

// Flux is no part of every cluster, and its rights are younger than the others: they hold nobody else up.
ServedKind served_kind(const WorkloadKind& kind) {
  return {kind.group, kind.plural.str(), kind.versions, !kind.related.empty()};
}

// Of kinds that refer to others, all objects are seen: two may share what one of them would move.
kube::ReflectorOptions options_for(const WorkloadKind& kind) {
  kube::ReflectorOptions options;
  options.only_annotated = kind.related.empty();
  options.aside = kind.aside;
  return options;
}

}  // namespace

KindWatch::KindWatch(std::shared_ptr<kube::Client> client, Kinds kinds, std::size_t place, update::Engine& engine,
                     ClusterRollouts& rollouts)
    : ServedWatch(std::move(client), served_kind((*kinds)[place]), options_for((*kinds)[place])),
      kinds_(std::move(kinds)),
      place_(place),
      sink_(engine, rollouts, (*kinds_)[place_]) {}

void KindWatch::stop() {
  ServedWatch::stop();
  for (const auto& watch : related_) watch->stop();
  related_.clear();
}

void KindWatch::absent(Served served) {
  if (served == Served::unknown || std::exchange(told_absent_, true)) return;
  if (served == Served::denied)
    telemetry::warn("app", "kind may not be read; apply deploy/20-rbac.yaml", {{"kind", kind().kind.str()}});
  else
    telemetry::info("app", "kind not served by this cluster; looked for again until it is",
                    {{"kind", kind().kind.str()}, {"group", kind().group}});
  sink_.list_started();  // there are none of it
  sink_.list_finished();
}

Task<kube::Sink*> KindWatch::found(std::string version) {
  told_absent_ = false;
  set_version(kind(), version);
  sink_.serve(kind());
  if (related_.empty()) watch_related(co_await boost::asio::this_coro::executor);
  co_await wait_for_related();
  co_return &sink_;
}

// Else the objects would be without slots at first, and what was pushed before the start would find nobody.
Task<> KindWatch::wait_for_related() const {
  constexpr std::chrono::milliseconds patience{10'000}, nap{50};
  const auto settled = [](const auto& watch) { return watch->settled(); };
  for (auto left = patience; left.count() > 0 && !stopped(); left -= nap) {
    if (std::all_of(related_.begin(), related_.end(), settled)) co_return;
    co_await sleep_for(nap);
  }
}

void KindWatch::watch_related(const Executor& executor) {
  if (kind().related.empty()) return;
  kind().related_objects->on_change([weak = std::weak_ptr(self()), executor] {
    if (auto watch = weak.lock()) spawn(executor, "read again", read_again(std::move(watch)));
  });
  for (const std::string& name : kind().related) {
    related_.push_back(std::make_shared<RelatedWatch>(client(), name, kind().related_objects));
    spawn(executor, "related watch", RelatedWatch::run(related_.back()));
  }
}

Task<> KindWatch::read_again(std::shared_ptr<KindWatch> self) { co_await self->sink_.read_again(); }

}  // namespace headwind::app
