// SPDX-License-Identifier: Apache-2.0
#include "app/rollouts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/belongings.hpp"
#include "app/companions.hpp"
#include "app/selector.hpp"
#include "app/stuck_pods.hpp"
#include "core/hash.hpp"
#include "kube/paths.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds together{50};  // what changes within that time is looked at once
// The answer to our own patch shows that its controller has not seen it: what comes of it comes by the watch. Only
// where nothing comes, as from a kind without a controller, it is looked at all the same.
constexpr milliseconds first_look{1000};
constexpr milliseconds first_pause{1000}, longest_pause{30'000};

// Stands for what the pods are made of. The template's own annotations and labels do not count: `kubectl rollout
// restart` writes one, and it is still our version that has to come up.
std::string revision_of(const json& object) {
  for (const char* place : {"/spec/template/spec", "/spec"}) {
    const json::json_pointer at(place);
    if (!object.contains(at)) continue;
    json made_of = object.at(at);
    if (made_of.is_object()) made_of.erase("replicas");
    return sha256_hex(made_of.dump(-1, ' ', false, json::error_handler_t::replace)).substr(0, 16);
  }
  return {};
}

update::RolloutView view_of(const plugin::Rollout& rollout, const json& object) {
  update::RolloutView view;
  view.state = static_cast<update::RolloutView::State>(rollout.state);
  view.ready = rollout.ready, view.wanted = rollout.wanted, view.reason = rollout.reason;
  view.resource_version = object.value("/metadata/resourceVersion"_json_pointer, "");
  view.revision = revision_of(object);
  return view;
}

// What the object refers to goes along: the version that is to run may stand there.
Task<Result<update::RolloutView>> read_view(WorkloadKind kind, std::string object, json parsed,
                                            std::vector<std::string> companions) {
  if (!parsed.is_object())
    co_return make_error(Code::unavailable, "the API server answered with something else than an object");
  if (kind.related_objects)
    for (std::string& text : kind.related_objects->texts()) companions.push_back(std::move(text));
  const Result<plugin::Rollout> rollout = co_await kind.reader.rollout(std::move(object), std::move(companions));
  if (!rollout) co_return rollout.error();
  co_return view_of(*rollout, parsed);
}

// The objects of one companion kind, for as long as the follower or their own watch needs them.
struct WatchedCompanions {
  explicit WatchedCompanions(std::function<void()> changed) : objects(std::move(changed)) {}
  Companions objects;
  std::unique_ptr<kube::Reflector> reflector;

  static Task<> run(std::shared_ptr<WatchedCompanions> self) { co_await self->reflector->run(); }
};

}  // namespace

// One followed workload. Its companions are watched only while they can say something: not before its controller has
// seen the change, and not while it is held.
class ClusterRollouts::Follower : public std::enable_shared_from_this<ClusterRollouts::Follower> {
 public:
  Follower(Executor executor, std::shared_ptr<kube::Client> client, WorkloadKind kind, inventory::Workload workload,
           update::Engine& engine)
      : executor_(std::move(executor)),
        client_(std::move(client)),
        kind_(std::move(kind)),
        workload_(std::move(workload)),
        engine_(engine) {}

  // For a start, where no watch has brought the object yet.
  static Task<> begin(std::shared_ptr<Follower> self) {
    milliseconds pause = first_pause;
    while (!self->stopped_ && self->object_.empty()) {
      const Result<std::string> object = co_await self->client_->get(self->workload_.path());
      if (self->stopped_) co_return;
      if (object && self->object_.empty()) self->object_changed(*object);
      if (object) co_return;
      self->engine_.rollout_seen(self->workload_.key, object.error());
      if (object.error().code == Code::not_found) co_return;  // the watch says so, too
      co_await sleep_for(pause);
      pause = std::min(pause * 2, longest_pause);
    }
  }

  static Task<> begin_with(std::shared_ptr<Follower> self, std::string patched) {
    if (self->object_.empty()) self->object_ = std::move(patched);  // the watch may have been quicker
    co_await sleep_for(first_look);
    if (!self->news_ && !self->looked_) self->changed();
  }

  void object_changed(const std::string& text) {
    object_ = text;
    changed();
  }

  void stop() {
    stopped_ = true;
    leave_companions();
  }

 private:
  void watch_companions(const json& object) {
    const std::string selector = selector_of(object);
    if (!companions_.empty() || selector.empty()) return;  // an empty one would select everything
    kube::ReflectorOptions options;
    options.label_selector = selector;
    for (const std::string& companion : kind_.companions) {
      const std::string path = companion_path(companion, workload_.key.name_space.str());
      if (path.empty()) continue;
      const std::weak_ptr<Follower> self = weak_from_this();
      auto watched = std::make_shared<WatchedCompanions>([self] {
        if (const auto alive = self.lock()) alive->changed();
      });
      watched->reflector = std::make_unique<kube::Reflector>(client_, path, watched->objects, options);
      companions_.push_back(watched);
      spawn(executor_, "rollout watch", WatchedCompanions::run(watched));
    }
  }
  void leave_companions() {
    for (const auto& watched : companions_) watched->reflector->stop();
    companions_.clear();
  }

  bool all_listed() const {
    return std::all_of(companions_.begin(), companions_.end(), [](const auto& one) { return one->objects.listed(); });
  }

  // What comes together is looked at together.
  void changed() {
    news_ = true;
    if (looking_ || stopped_ || object_.empty() || !all_listed()) return;
    looking_ = true;
    spawn(executor_, "rollout", look(shared_from_this()));
  }

  static Task<> look(std::shared_ptr<Follower> self) {
    while (self->news_ && !self->stopped_) {
      co_await sleep_for(together);
      self->news_ = false;
      co_await self->look_once();
    }
    self->looking_ = false;
  }

  Task<> look_once() {
    looked_ = true;
    const std::string object = object_;
    const json parsed = json::parse(object, nullptr, false);
    const bool with_companions = !companions_.empty();
    std::vector<std::string> texts;
    for (const auto& watched : companions_) watched->objects.add_to(texts);
    const Result<update::RolloutView> view = co_await read_view(kind_, object, parsed, std::move(texts));
    if (stopped_) co_return;
    const bool held = view && view->state == update::RolloutView::State::held;
    if (held) leave_companions();
    if (view && !held && !with_companions) {
      if (!is_stale(parsed)) watch_companions(parsed);
      if (!companions_.empty()) co_return;  // the look that counts is the one at them, too
    }
    engine_.rollout_seen(workload_.key, view);
  }

  Executor executor_;
  std::shared_ptr<kube::Client> client_;
  WorkloadKind kind_;
  inventory::Workload workload_;
  update::Engine& engine_;
  std::string object_;  // as last seen
  std::vector<std::shared_ptr<WatchedCompanions>> companions_;
  bool news_ = false, looking_ = false, looked_ = false, stopped_ = false;
};

ClusterRollouts::ClusterRollouts(Executor executor, std::shared_ptr<kube::Client> client, Kinds kinds)
    : executor_(std::move(executor)), client_(std::move(client)), kinds_(std::move(kinds)) {}
ClusterRollouts::~ClusterRollouts() { stop(); }

void ClusterRollouts::stop() {
  for (const auto& [key, follower] : followers_) follower->stop();
  followers_.clear();
}

void ClusterRollouts::follow(const inventory::Workload& workload) {
  const WorkloadKind* kind = find_kind(kinds_, workload.key.kind);
  if (kind == nullptr || followers_.contains(workload.key)) return;
  auto follower = std::make_shared<Follower>(executor_, client_, *kind, workload, *engine_);
  followers_.emplace(workload.key, follower);
  const auto patched = patched_.extract(workload.key);
  // Somebody may have written it since, and what that brought may have been told before anybody followed.
  if (!patched.empty() && patched.mapped().resource_version == workload.resource_version)
    spawn(executor_, "rollout", Follower::begin_with(follower, std::move(patched.mapped().json)));
  else
    spawn(executor_, "rollout", Follower::begin(follower));
}

void ClusterRollouts::leave(const inventory::WorkloadKey& workload) {
  const auto found = followers_.find(workload);
  if (found == followers_.end()) return;
  found->second->stop();
  followers_.erase(found);
}

void ClusterRollouts::changed(const inventory::WorkloadKey& workload, const std::string& json) {
  const auto found = followers_.find(workload);
  if (found != followers_.end()) found->second->object_changed(json);
}

void ClusterRollouts::patched(const inventory::WorkloadKey& workload, const std::string& resource_version,
                              std::string json) {
  changed(workload, json);
  if (patched_.size() >= most_patched) patched_.clear();  // nobody followed them: they are read when somebody does
  patched_.insert_or_assign(workload, Patched{resource_version, std::move(json)});
}

Task<Result<std::vector<json>>> ClusterRollouts::list(inventory::Workload workload, std::string companion,
                                                      std::string selector) const {
  const std::string path = kube::with_query(companion_path(companion, workload.key.name_space.str()),
                                            {{"labelSelector", selector}, {"limit", std::to_string(most_companions)}});
  const Result<std::string> answer = co_await client_->get(path);
  if (!answer) co_return in_context(answer.error(), workload.key.text());
  json list = json::parse(*answer, nullptr, false);
  if (!list.is_object() || !list.contains("items") || !list["items"].is_array())
    co_return make_error(Code::unavailable, "the answer to GET " + path + " is not a list");
  co_return list["items"].get<std::vector<json>>();
}

Task<Result<>> ClusterRollouts::unblock(inventory::Workload workload, std::vector<update::BadImage> bad) {
  if (workload.key.kind != "StatefulSet") co_return Result<>{};
  const Result<std::string> text = co_await client_->get(workload.path());
  if (!text) co_return in_context(text.error(), workload.key.text());
  const json set = json::parse(*text, nullptr, false);
  const std::string selector = selector_of(set);
  if (selector.empty() || set.value("/metadata/uid"_json_pointer, "") != workload.uid) co_return Result<>{};
  const Result<std::vector<json>> pods = co_await list(workload, "v1/pods", selector);
  if (!pods) co_return pods.error();
  const std::vector<StuckPod> stuck = stuck_pods(set, *pods, bad);
  for (const StuckPod& pod : stuck) {
    if (!pod.bad) continue;
    const json options = {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"preconditions", {{"uid", pod.uid}}}};
    const Result<std::string> gone = co_await client_->remove(
        kube::object_path(kube::kPods, workload.key.name_space.str(), pod.name), options.dump());
    const bool done = gone || gone.error().code == Code::not_found || gone.error().code == Code::conflict;
    if (!done)
      co_return in_context(gone.error(), workload.key.text() + " waits for pod " + pod.name +
                                             " of the bad version, which has to be deleted by hand");
    telemetry::warn("app", "deleted a pod that kept a rollback from going on",
                    {{"workload", workload.key.text()}, {"pod", pod.name}});
  }
  for (const StuckPod& pod : stuck)
    if (!pod.bad)
      co_return make_error(Code::conflict, workload.key.text() + " waits for pod " + pod.name +
                                               ", which is not ready and is of another version than the bad one; make "
                                               "it ready, or delete it by hand");
  co_return Result<>{};
}

Task<Result<update::RolloutView>> ClusterRollouts::look(inventory::Workload workload) {
  const WorkloadKind* found = find_kind(kinds_, workload.key.kind);
  if (found == nullptr) co_return make_error(Code::unsupported, "no plugin serves " + workload.key.kind.str());
  const WorkloadKind kind = *found;
  Result<std::string> object = co_await client_->get(workload.path());
  if (!object) co_return in_context(object.error(), workload.key.text());
  const std::string selector = selector_of(json::parse(*object, nullptr, false));
  std::vector<std::string> texts;
  for (const std::string& companion : kind.companions) {
    if (selector.empty()) break;
    const Result<std::vector<json>> items = co_await list(workload, companion, selector);
    if (!items) co_return items.error();
    for (const json& item : *items) texts.push_back(item.dump(-1, ' ', false, json::error_handler_t::replace));
  }
  const json parsed = json::parse(*object, nullptr, false);
  co_return co_await read_view(kind, std::move(*object), parsed, std::move(texts));
}

}  // namespace headwind::app
