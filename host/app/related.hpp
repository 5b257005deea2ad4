// SPDX-License-Identifier: Apache-2.0
// The objects that workloads refer to, such as Flux's HelmRepositories: what a plugin needs to see beside a workload.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/served_watch.hpp"
#include "kube/client.hpp"
#include "kube/reflector.hpp"

namespace headwind::app {

// Of some related kinds, by the name of each: apiVersion, kind, name and spec; nothing else is kept. One thread.
class RelatedObjects {
 public:
  std::vector<std::string> texts() const;
  struct Kept {
    std::string kind, json;
    std::string owner;  // who else writes it: kube::owner_of
    unsigned list = 0;
  };
  // Null where it is not known. `kind` as its objects write it: "HelmRepository".
  const Kept* find(std::string_view kind, std::string_view name_space, std::string_view name) const;
  // Namespaces whose objects may be changed for workloads of others.
  void open(std::vector<std::string> name_spaces) { open_ = std::move(name_spaces); }
  bool may_change(std::string_view name_space, std::string_view for_workload_in) const;

  // Which object holds the version of `workload` ("shop/web"): "OCIRepository flux-system/app"; empty: none but itself.
  // True where another workload shares it, or shared the former: what is said of those may change.
  bool refer(const std::string& workload, const std::string& object, unsigned list);
  bool unrefer(const std::string& workload) { return refer(workload, {}, 0); }
  void drop_other_references(unsigned list);
  // Another workload whose version that object holds; empty: none.
  std::string other_user(std::string_view workload, std::string_view object) const;

  // Counts up with each change.
  unsigned generation() const { return generation_; }

  // Who is told when they have changed; empty: nobody.
  void on_change(std::function<void()> listener) { listener_ = std::move(listener); }

  // `collection`: "source.toolkit.fluxcd.io/helmrepositories". True where that is news, which changed() then tells.
  bool put(const std::string& collection, const kube::Object& object, std::optional<unsigned> list = std::nullopt);
  bool remove(const std::string& collection, const kube::Object& object);
  void drop_others(const std::string& collection, unsigned list);
  void changed() const {
    if (listener_) listener_();
  }

 private:
  std::map<std::pair<std::string, std::string>, Kept> kept_;  // collection, "namespace/name"
  struct Reference {
    std::string object;
    unsigned list = 0;
  };
  std::map<std::string, Reference, std::less<>> references_;  // by workload
  std::vector<std::string> open_;
  unsigned generation_ = 0;
  std::function<void()> listener_;
};

// Keeps one related kind ("source.toolkit.fluxcd.io/helmrepositories") in step with the server, in the version that
// the server prefers.
class RelatedWatch final : public ServedWatch, public kube::Sink {
 public:
  // `name_space`: watched there alone; empty: in all.
  RelatedWatch(std::shared_ptr<kube::Client> client, std::string kind, std::shared_ptr<RelatedObjects> objects,
               const std::string& name_space = {});
  // What there is was read, or there is nothing of it.
  bool settled() const { return settled_; }

  void list_started() override { ++list_; }
  Task<Result<>> upsert(std::vector<kube::Object> objects) override;
  void removed(const kube::Object& object) override;
  void list_finished() override;
  void lost(const Error& error) override;

 private:
  Task<kube::Sink*> found(std::string version) override;
  void absent(Served served) override;

  std::string kind_;
  std::shared_ptr<RelatedObjects> objects_;
  unsigned list_ = 0;
  bool settled_ = false, listed_ = false, told_lost_ = false;
};

}  // namespace headwind::app
