// SPDX-License-Identifier: Apache-2.0
// What the watches bring, handed to the engine.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "app/kinds.hpp"
#include "app/rollouts.hpp"
#include "kube/reflector.hpp"
#include "update/engine.hpp"

namespace headwind::app {

class WorkloadSink final : public kube::Sink {
 public:
  WorkloadSink(update::Engine& engine, ClusterRollouts& rollouts, WorkloadKind kind)
      : engine_(engine), rollouts_(rollouts), kind_(std::move(kind)) {}
  void list_started() override;
  Task<Result<>> upsert(std::vector<kube::Object> objects) override;
  void removed(const kube::Object& object) override;
  void list_finished() override;
  void lost(const Error& error) override;

  // Something that objects of this kind refer to has changed: all of them are read anew. While a list is under way,
  // those that it has brought: the others may be gone.
  Task<> read_again();
  // From now on they are of another version of their kind.
  void serve(WorkloadKind kind) { kind_ = std::move(kind); }

 private:
  struct Kept {
    kube::Object object;
    unsigned list = 0;
  };
  void keep(const kube::Object& object);
  void forget(const kube::Object& object);
  void note_references(const std::vector<kube::Object>& objects);
  bool is_current(const Kept& kept) const { return !listing_ || kept.list == list_; }

  update::Engine& engine_;
  ClusterRollouts& rollouts_;
  WorkloadKind kind_;
  std::map<std::pair<std::string, std::string>, Kept> kept_;  // by namespace and name; of kinds that refer to others
  unsigned list_ = 0;
  bool news_ = false, reading_ = false, listing_ = false;
};

// What administrators say of whole namespaces.
class NamespaceSink final : public kube::Sink {
 public:
  explicit NamespaceSink(update::Engine& engine) : engine_(engine) {}
  void list_started() override {}
  Task<Result<>> upsert(std::vector<kube::Object> objects) override;
  void removed(const kube::Object& object) override { engine_.namespace_seen(object.name, false); }
  void list_finished() override { engine_.namespaces_listed(); }
  void lost(const Error& error) override;

 private:
  update::Engine& engine_;
};

class RequestSink final : public kube::Sink {
 public:
  // `aside`: where pages of them are understood; null: on the loop.
  RequestSink(update::Engine& engine, std::shared_ptr<Aside> aside) : engine_(engine), aside_(std::move(aside)) {}
  void list_started() override { engine_.request_list_started(); }
  Task<Result<>> upsert(std::vector<kube::Object> objects) override;
  void removed(const kube::Object& object) override {
    engine_.request_removed({object.name_space, object.name}, object.uid);
  }
  void list_finished() override { engine_.request_list_finished(); }
  void lost(const Error& error) override;

 private:
  update::Engine& engine_;
  std::shared_ptr<Aside> aside_;
};

}  // namespace headwind::app
