// SPDX-License-Identifier: Apache-2.0
// What belongs to a workload while its rollout is followed: the objects of one companion kind.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kube/reflector.hpp"

namespace headwind::app {

// "apps/v1/replicasets" or "v1/pods" in a namespace, as a path.
std::string companion_path(const std::string& companion, const std::string& name_space);

// At most so many are kept, the youngest: a rollout is judged by what it has brought.
inline constexpr std::size_t most_companions = 500;

class Companions final : public kube::Sink {
 public:
  explicit Companions(std::function<void()> changed) : changed_(std::move(changed)) {}
  void list_started() override;
  Task<Result<>> upsert(std::vector<kube::Object> objects) override;
  void removed(const kube::Object& object) override;
  void list_finished() override;

  bool listed() const { return listed_; }
  void add_to(std::vector<std::string>& texts) const;

 private:
  struct Kept {
    std::int64_t created_ms = 0;
    std::string json;
    unsigned generation = 0;
  };
  void keep_youngest();

  std::function<void()> changed_;
  std::map<std::string, Kept> kept_;  // by uid
  unsigned generation_ = 0;
  bool listed_ = false;
};

}  // namespace headwind::app
