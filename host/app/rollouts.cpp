// SPDX-License-Identifier: Apache-2.0
#include "app/rollouts.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "app/belongings.hpp"
#include "app/companions.hpp"
#include "app/rollout_view.hpp"
#include "app/stuck_pods.hpp"
#include "inventory/inventory.hpp"
#include "kube/paths.hpp"
#include "kube/rollout_facts.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {

using nlohmann::json;

ClusterRollouts::ClusterRollouts(Executor executor, std::shared_ptr<kube::Client> client, Kinds kinds,
                                 std::size_t watching)
    : kinds_(std::move(kinds)), places_(watching), following_(std::make_shared<Following>()) {
  following_->executor = std::move(executor);
  following_->client = std::move(client);
  following_->take_place = [this](const inventory::WorkloadKey& key) { return places_.take(key); };
  following_->give_place_back = [this](const inventory::WorkloadKey& key) {
    const auto next = places_.give_back(key);
    const auto found = next ? followers_.find(*next) : followers_.end();
    if (found != followers_.end()) found->second->changed();
  };
}
ClusterRollouts::~ClusterRollouts() { stop(); }

void ClusterRollouts::stop() {
  const auto all = std::exchange(followers_, {});
  for (const auto& [key, follower] : all) follower->stop();
}

void ClusterRollouts::follow(const inventory::Workload& workload) {
  const WorkloadKind* kind = find_kind(kinds_, workload.key.kind);
  if (kind == nullptr || followers_.contains(workload.key)) return;
  auto follower = std::make_shared<Follower>(following_, *kind, workload);
  followers_.emplace(workload.key, follower);
  const auto patched = patched_.extract(workload.key);
  if (!patched.empty()) patched_bytes_ -= patched.mapped().json.size();
  if (!patched.empty() && !patched.mapped().json.empty() &&
      !inventory::is_older(patched.mapped().resource_version, workload.resource_version))
    spawn(
        following_->executor, "rollout",
        Follower::begin_with(follower, std::move(patched.mapped().resource_version), std::move(patched.mapped().json)));
  else
    spawn(following_->executor, "rollout", Follower::begin(follower));
}

void ClusterRollouts::leave(const inventory::WorkloadKey& workload) {
  const auto found = followers_.extract(workload);
  if (!found.empty()) found.mapped()->stop();
}

void ClusterRollouts::changed(const inventory::WorkloadKey& workload, const std::string& resource_version,
                              const std::string& json) {
  const auto found = followers_.find(workload);
  if (found != followers_.end()) found->second->object_changed(resource_version, json);
  const auto kept = patched_.find(workload);
  if (kept == patched_.end() || inventory::is_older(resource_version, kept->second.resource_version)) return;
  patched_bytes_ += json.size() - kept->second.json.size();
  kept->second = {resource_version, json};
  if (patched_bytes_ <= most_patched_bytes) return;
  patched_.clear();  // they are read when somebody follows them
  patched_bytes_ = 0;
}

void ClusterRollouts::patching(const inventory::WorkloadKey& workload) { patched_.try_emplace(workload); }

void ClusterRollouts::patched(const inventory::WorkloadKey& workload, const std::string& resource_version,
                              const std::string& json) {
  changed(workload, resource_version, json);
}

void ClusterRollouts::not_patched(const inventory::WorkloadKey& workload) {
  const auto refused = patched_.extract(workload);
  if (!refused.empty()) patched_bytes_ -= refused.mapped().json.size();
}

Task<Result<>> ClusterRollouts::unblock(inventory::Workload workload, std::vector<update::BadImage> bad) {
  if (workload.key.kind != "StatefulSet") co_return Result<>{};
  const std::shared_ptr<kube::Client> client = following_->client;
  const Result<std::string> text = co_await client->get(workload.path());
  if (!text) co_return in_context(text.error(), workload.key.text());
  const json set = json::parse(*text, nullptr, false);
  const std::string selector = kube::selector_of(*text);
  if (selector.empty() || text_at(set, "/metadata/uid") != workload.uid) co_return Result<>{};
  const std::string path = kube::collection_path(kube::kPods, workload.key.name_space.str());
  const Result<std::vector<std::string>> found = co_await list_youngest(client, path, selector);
  if (!found) co_return in_context(found.error(), workload.key.text());
  json pods = json::array();
  for (const std::string& pod : *found) pods.push_back(json::parse(pod, nullptr, false));
  const std::vector<StuckPod> stuck = stuck_pods(set, pods, bad);
  for (const StuckPod& pod : stuck) {
    if (!pod.bad) continue;
    const json options = {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"preconditions", {{"uid", pod.uid}}}};
    const Result<std::string> gone = co_await client->remove(
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
  co_return co_await fresh_view(following_->client, *found, std::move(workload));
}

}  // namespace headwind::app
