// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "core/image_reference.hpp"
#include "core/text.hpp"
#include "telemetry/log.hpp"

namespace headwind::update::testing {
namespace {

std::vector<int> numbers(std::string_view tag) {
  std::vector<int> parts;
  for (const auto part : split(tag, '.')) {
    int value = -1;
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (failure != std::errc{} || end != part.data() + part.size()) return {};
    parts.push_back(value);
  }
  return parts;
}

constexpr std::array<const char*, 4> kinds{"Deployment", "StatefulSet", "DaemonSet", "HelmRelease"};

bool allowed(std::string_view policy, const std::vector<int>& from, const std::vector<int>& to) {
  if (from.size() < 2 || to.size() < 2 || to <= from) return false;
  if (policy == "patch") return from[0] == to[0] && from[1] == to[1];
  if (policy == "minor") return from[0] == to[0];
  return policy == "major" || policy == "all";
}

}  // namespace

bool PlainPolicies::knows(std::string_view policy) const {
  return policy == "none" || policy == "patch" || policy == "minor" || policy == "major" || policy == "all" ||
         policy == "force" || policy == "glob" || more.contains(std::string(policy));
}

Task<Result<Choice>> PlainPolicies::choose(PolicyQuery query, Candidates candidates) {
  ++asked;
  if (failure) co_return *failure;
  if (more.contains(query.policy)) query.policy = "minor";
  if (candidates.list() != nullptr) lists.insert(candidates.list().get());
  beside = std::max(beside, candidates.places() - candidates.listed());
  Choice choice{Verdict::hold, 0, "nothing newer that policy " + query.policy + " allows"};
  std::vector<int> best = numbers(query.tag);
  const std::vector<int> current = best;
  std::vector<Judgement> judgements;
  candidates.each([&](std::size_t place, const Candidate& candidate) {
    const bool follows = query.policy == "force" || (query.policy == "glob" && candidate.tag == query.pattern);
    if (follows && candidate.tag == query.tag && candidate.digest != query.digest)
      choice = {Verdict::update, place, "moved"};
    const std::vector<int> version = numbers(candidate.tag);
    const bool newer = allowed(query.policy, current, version);
    if (query.judged) judgements.push_back({newer ? Verdict::update : Verdict::hold, newer ? "is newer" : "is not"});
    if (!newer || version <= best) return;
    best = version;
    choice = {Verdict::update, place, "newest"};
  });
  choice.judgements = std::move(judgements);
  co_return choice;
}

World::World(Store& s, EngineOptions options, const std::function<Polling*(World&)>& polling, bool following)
    : store(s) {
  // What goes wrong is told by the tests themselves.
  static const bool quiet =
      telemetry::init_log({.json = false, .level = std::getenv("HEADWIND_TEST_LOG") ? "debug" : "off"}).has_value();
  (void)quiet;
  for (const char* kind : kinds) inventory.expect(kind);
  engine = std::make_unique<Engine>(io.get_executor(), inventory,
                                    Ports{policies, *this, *this, *this, *this, *this, *this,
                                          polling ? polling(*this) : nullptr, following ? this : nullptr, this},
                                    metrics, compat, system_clock(), options);
}

World& launch(Store& store, EngineOptions options, bool following) {
  static auto* const processes = new std::vector<World*>;  // reachable, never freed
  processes->push_back(new World(store, options, {}, following));
  return *processes->back();
}

void World::start() {
  for (const char* kind : kinds) {
    engine->workload_list_started(kind);
    for (const auto& [key, object] : store.workloads)
      if (key.kind == kind) engine->workload_changed(*store.read(key));
    engine->workload_list_finished(kind);
  }
  engine->request_list_started();
  for (const auto& [key, object] : store.requests)
    if (auto request = request_from_json(object.dump())) engine->request_changed(*request);
  engine->request_list_finished();
  const Result<> started = run(engine->start());
  ASSERT_TRUE(started || dead_) << started.error().message;
  settle();
}

void World::watch() {
  for (const auto& [key, object] : store.workloads) engine->workload_changed(*store.read(key));
  for (const auto& key : followed)
    if (store.workloads.contains(key)) engine->rollout_seen(key, seen_of(key));
  for (const auto& key : inventory.all())
    if (!store.workloads.contains(key)) engine->workload_removed(key);
  for (const auto& [key, object] : store.requests)
    if (auto request = request_from_json(object.dump())) engine->request_changed(*request);
  for (const auto& request : engine->requests())
    if (!store.requests.contains(request.key)) engine->request_removed(request.key, request.uid);
}

void World::settle() {
  for (int quiet = 0, i = 0; quiet < 3 && !dead_; ++i) {
    if (i > 30'000) {  // a sanitizer on a busy machine takes its time
      ADD_FAILURE() << "the engine does not come to rest";
      return;
    }
    io.restart();
    io.run_for(std::chrono::milliseconds(1));
    quiet = engine->idle() ? quiet + 1 : 0;
    if (quiet == 1) watch();
  }
}

Result<> World::webhook(const std::string& repository, const std::string& tag) {
  Hint hint;
  hint.repository = repository;
  hint.tag = tag;
  const auto found = store.registry.find(repository + ":" + tag);
  hint.digest = found == store.registry.end() ? "" : found->second;
  hint.arrived_ms = system_clock().unix_ms();
  std::vector<Hint> hints{hint};
  Result<> taken = run(engine->take(hints));
  settle();
  return taken;
}

Result<> World::push(const std::string& repository, const std::string& tag, std::string digest) {
  store.push(repository, tag, std::move(digest));
  return webhook(repository, tag);
}

Task<> World::never() {
  for (;;) co_await sleep_for(std::chrono::hours(1));
}

template <class T>
Task<Result<T>> World::as_write(std::function<Result<T>()> action) {
  co_await boost::asio::post(io, boost::asio::use_awaitable);
  if (dead_) co_await never();
  const bool dies = ++writes_ == die_at_;
  if (dies && !die_after_) {
    dead_ = true;
    co_await never();
  }
  Result<T> outcome = action();
  if (dies) {
    dead_ = true;
    co_await never();
  }
  co_return outcome;
}

Task<Result<std::vector<std::string>>> World::platforms(std::string, std::string digest, Symbol) {
  ++platform_look_ups;
  const auto known = platforms_of.find(digest);
  co_return known == platforms_of.end() ? std::vector<std::string>() : known->second;
}

Task<Result<std::string>> World::digest(std::string repository, std::string tag, Symbol access) {
  co_await boost::asio::post(io, boost::asio::use_awaitable);
  ++look_ups;
  while (hanging.contains(std::string(host_of(repository)))) co_await sleep_for(std::chrono::milliseconds(1));
  const Result<Symbol> reader = co_await identity(repository, access);
  ++asked_as[reader->str()];
  if (while_asked) {
    while_asked();
    co_await boost::asio::post(io, boost::asio::use_awaitable);
  }
  if (registry_error) co_return *registry_error;
  const auto view = seen_by.find(reader->str());
  if (view != seen_by.end() && !view->second) co_return view->second.error();
  const auto& images = view != seen_by.end() ? *view->second : store.registry;
  const auto found = images.find(repository + ":" + tag);
  if (found == images.end()) co_return make_error(Code::not_found, repository + ":" + tag + " is not in the registry");
  co_return found->second;
}

Task<Result<Symbol>> World::identity(std::string, Symbol access) {
  const auto known = identities.find(access.str());
  if (known != identities.end()) co_return known->second;
  co_return Symbol(access.str().substr(0, access.str().find('/')));
}

Task<Result<std::vector<Candidate>>> World::tags(std::string repository, Symbol access) {
  co_await boost::asio::post(io, boost::asio::use_awaitable);
  ++listings;
  const Result<Symbol> reader = co_await identity(repository, access);
  ++asked_as[reader->str()];
  lists[{reader->str(), repository}].push_back(system_clock().mono_ms());
  if (while_asked) while_asked();
  if (registry_error) co_return *registry_error;
  if (list_error) co_return *list_error;
  const auto view = seen_by.find(reader->str());
  if (view != seen_by.end() && !view->second) co_return view->second.error();
  std::vector<Candidate> found;
  for (const auto& [image, digest] : view != seen_by.end() ? *view->second : store.registry) {
    const auto pushed = pushed_ms.find(image);
    if (image.starts_with(repository + ":"))
      found.push_back({image.substr(repository.size() + 1), {}, pushed == pushed_ms.end() ? 0 : pushed->second});
  }
  co_return found;
}

Task<Result<inventory::Workload>> World::patch(inventory::Workload workload, std::string operations) {
  if (patch_error) co_return *patch_error;
  std::function<Result<inventory::Workload>()> action = [&]() -> Result<inventory::Workload> {
    Result<inventory::Workload> patched = store.patch(workload.key, operations);
    if (!std::exchange(lose_next_answer, false)) return patched;
    return make_error(Code::unavailable, "the connection broke");
  };
  co_return co_await as_write(action);
}

Task<Result<>> World::patch_object(inventory::Workload, std::string object, std::string operations) {
  if (patch_error) co_return *patch_error;
  std::function<Result<>()> action = [&] { return store.patch_object(object, operations); };
  co_return co_await as_write(action);
}

Task<Result<inventory::Workload>> World::read(inventory::WorkloadKey key) {
  co_await boost::asio::post(io, boost::asio::use_awaitable);
  co_return store.read(key);
}

Task<Result<std::vector<RanBefore>>> World::ran_before(inventory::Workload workload) {
  co_await boost::asio::post(io, boost::asio::use_awaitable);
  std::vector<RanBefore> result;
  if (workload.key.kind != "Deployment") co_return result;
  for (const nlohmann::json& set : store.replica_sets[workload.key]) {
    RanBefore before{set["revision"].get<std::int64_t>(), {}};
    for (const nlohmann::json& container : set["template"]["spec"]["containers"])
      before.images.emplace_back("containers/" + container["name"].get<std::string>(),
                                 container["image"].get<std::string>());
    result.push_back(before);
  }
  co_return result;
}

Task<Result<UpdateRequest>> World::create(UpdateRequest request) {
  std::function<Result<UpdateRequest>()> action = [&] { return store.create(request); };
  co_return co_await as_write(action);
}

Task<Result<UpdateRequest>> World::patch_spec(RequestKey key, std::string merge, std::string expected) {
  std::function<Result<UpdateRequest>()> action = [&] { return store.merge(key, merge, expected, false); };
  co_return co_await as_write(action);
}

Task<Result<UpdateRequest>> World::patch_status(RequestKey key, std::string merge, std::string expected) {
  std::function<Result<UpdateRequest>()> action = [&] { return store.merge(key, merge, expected, true); };
  co_return co_await as_write(action);
}

Task<Result<>> World::remove(RequestKey key, std::string uid) {
  std::function<Result<>()> action = [&] { return store.erase(key, uid); };
  co_return co_await as_write(action);
}

Task<Result<std::vector<Hint>>> World::load() {
  std::vector<Hint> hints;
  for (const auto& [key, hint] : store.inbox) hints.push_back(hint);
  co_return hints;
}

Task<Result<>> World::write(std::vector<Hint> put, std::vector<std::string> gone) {
  if (inbox_error) co_return *inbox_error;
  std::function<Result<>()> action = [&] {
    for (const Hint& hint : put) store.inbox[hint.key()] = hint;
    for (const std::string& key : gone) store.inbox.erase(key);
    return Result<>{};
  };
  co_return co_await as_write(action);
}

RolloutView World::view_of(const inventory::WorkloadKey& key) const {
  const nlohmann::json& object = store.workloads.at(key);
  const bool is_release = key.kind == "HelmRelease";
  const nlohmann::json& spec = is_release ? object["spec"] : object["spec"]["template"]["spec"];
  const auto fate =
      fates.find(is_release ? store.chart_version(key.name) : spec["containers"][0]["image"].get<std::string>());
  RolloutView view{RolloutView::State::done, 1, 1, "1 of 1 replicas are updated and available", {}, {}};
  if (fate != fates.end()) view = fate->second;
  view.resource_version = object["metadata"]["resourceVersion"].get<std::string>();
  view.revision = spec.dump();
  return view;
}

Result<RolloutView> World::seen_of(const inventory::WorkloadKey& key) const {
  const auto why = out_of_sight.find(key.name);
  if (why != out_of_sight.end()) return why->second;
  return view_of(key);
}

void World::follow(const inventory::Workload& workload) {
  if (!followed.insert(workload.key).second) return;
  boost::asio::post(io, [this, key = workload.key] {
    if (!dead_ && followed.contains(key) && store.workloads.contains(key)) engine->rollout_seen(key, seen_of(key));
  });
}

Task<Result<>> World::unblock(inventory::Workload, std::vector<BadImage> bad) {
  unblocked.push_back(std::move(bad));
  co_return Result<>{};
}

Task<Result<RolloutView>> World::look(inventory::Workload workload) {
  co_await boost::asio::post(io, boost::asio::use_awaitable);
  ++looks;
  if (!store.workloads.contains(workload.key)) co_return make_error(Code::not_found, "it is gone");
  Result<RolloutView> seen = seen_of(workload.key);
  const auto other = really.find(workload.key.name);
  if (!seen || other == really.end()) co_return seen;
  const RolloutView watched = *seen;
  seen = other->second;
  seen->resource_version = watched.resource_version, seen->revision = watched.revision;
  co_return seen;
}

Task<Result<>> World::vouches_for(UpdateRequest) {
  co_await boost::asio::post(io, boost::asio::use_awaitable);
  ++vouched_for;
  co_return vouched;
}

void World::record(const inventory::WorkloadKey& key, const std::string&, const std::string&, bool,
                   std::string_view reason, std::string_view message) {
  store.events.push_back(key.text() + " " + std::string(reason) + ": " + std::string(message));
}

}  // namespace headwind::update::testing
