// SPDX-License-Identifier: Apache-2.0
// What belongs to a workload while its rollout is followed: the objects of one companion kind.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kube/client.hpp"
#include "kube/reflector.hpp"

namespace headwind::app {

// "apps/v1/replicasets" or "v1/pods" in a namespace, as a path.
std::string companion_path(const std::string& companion, const std::string& name_space);

// The bytes that all kept companions share; whoever would go beyond lets its own oldest go.
struct CompanionBytes {
  static constexpr std::size_t most = 64U << 20U;
  std::size_t used = 0;
};

// The youngest objects, reduced to what verdicts are read from: a rollout is judged by what it has brought.
class Youngest {
 public:
  static constexpr std::size_t most = 500;
  explicit Youngest(std::shared_ptr<CompanionBytes> bytes) : bytes_(std::move(bytes)) {}
  ~Youngest();
  Youngest(const Youngest&) = delete;
  Youngest& operator=(const Youngest&) = delete;

  void add(const kube::Object& object, unsigned list = 0);
  bool remove(const std::string& uid);  // false where it was not kept
  void keep_only(unsigned list);
  void add_to(std::vector<std::string>& texts) const;
  std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    std::int64_t created_ms = 0;
    std::string json;
    unsigned list = 0;
  };
  using Place = std::map<std::string, Kept>::iterator;
  Place drop(Place place);

  std::shared_ptr<CompanionBytes> bytes_;
  std::map<std::string, Kept> kept_;  // by uid
};

// All pages of a list; of more than Youngest keeps, the youngest.
Task<Result<std::vector<std::string>>> list_youngest(std::shared_ptr<kube::Client> client, std::string path,
                                                     std::string selector);

class Companions final : public kube::Sink {
 public:
  Companions(std::shared_ptr<CompanionBytes> bytes, std::function<void()> changed,
             std::function<void(const Error&)> out_of_sight)
      : kept_(std::move(bytes)), changed_(std::move(changed)), out_of_sight_(std::move(out_of_sight)) {}
  void list_started() override { ++list_; }
  Task<Result<>> upsert(std::vector<kube::Object> objects) override;
  void removed(const kube::Object& object) override;
  void list_finished() override;
  void lost(const Error& error) override { out_of_sight_(error); }

  bool listed() const { return listed_; }
  void add_to(std::vector<std::string>& texts) const { kept_.add_to(texts); }

 private:
  Youngest kept_;
  std::function<void()> changed_;
  std::function<void(const Error&)> out_of_sight_;
  unsigned list_ = 0;
  bool listed_ = false;
};

}  // namespace headwind::app
