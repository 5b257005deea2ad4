// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "app/kinds.hpp"
#include "app/related.hpp"
#include "app/served_watch.hpp"
#include "app/sinks.hpp"

namespace headwind::app {

// One kind of workload: keeps the engine in step with its objects, in whichever version the API server serves it.
class KindWatch final : public ServedWatch {
 public:
  KindWatch(std::shared_ptr<kube::Client> client, Kinds kinds, std::size_t place, update::Engine& engine,
            ClusterRollouts& rollouts);
  void stop() override;

 private:
  Task<kube::Sink*> found(std::string version) override;
  void absent(Served served) override;
  std::shared_ptr<KindWatch> self() { return std::static_pointer_cast<KindWatch>(shared_from_this()); }
  static Task<> read_again(std::shared_ptr<KindWatch> self);
  Task<> wait_for_related() const;
  void watch_related(const Executor& executor);
  WorkloadKind& kind() const { return (*kinds_)[place_]; }

  Kinds kinds_;
  std::size_t place_;
  WorkloadSink sink_;
  std::vector<std::shared_ptr<RelatedWatch>> related_;
  bool told_absent_ = false;
};

}  // namespace headwind::app
