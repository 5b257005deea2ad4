// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>

#include "app/kinds.hpp"
#include "app/related.hpp"
#include "app/sinks.hpp"
#include "kube/reflector.hpp"

namespace headwind::app {

// One kind of workload: looks which of its versions the API server serves, waits for its definition to be installed
// where there is none, and keeps the engine in step with its objects from then on.
class KindWatch : public std::enable_shared_from_this<KindWatch> {
 public:
  KindWatch(std::shared_ptr<kube::Client> client, Kinds kinds, std::size_t place, update::Engine& engine,
            ClusterRollouts& rollouts);
  static Task<> run(std::shared_ptr<KindWatch> self);  // until stop()
  void stop();

 private:
  enum class Served : std::uint8_t { yes, no, denied, unknown };
  Task<Served> find_version();
  void tell_absent(Served served);
  Task<> pause(std::chrono::milliseconds duration) const;
  static Task<> read_again(std::shared_ptr<KindWatch> self);
  static Task<> wait_for_related(std::shared_ptr<KindWatch> self);
  static void watch_related(const std::shared_ptr<KindWatch>& self, const Executor& executor);
  WorkloadKind& kind() const { return (*kinds_)[place_]; }

  std::shared_ptr<kube::Client> client_;
  Kinds kinds_;
  std::size_t place_;
  update::Engine& engine_;
  ClusterRollouts& rollouts_;
  std::unique_ptr<WorkloadSink> sink_;
  std::unique_ptr<kube::Reflector> reflector_;
  std::vector<std::shared_ptr<RelatedWatch>> related_;
  bool told_absent_ = false, stopped_ = false;
};

// The first of `versions` that the discovery document of a group (APIGroup) serves; empty where it serves none.
std::string served_version(const std::string& group, const std::vector<std::string>& versions);

}  // namespace headwind::app
