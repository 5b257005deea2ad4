// SPDX-License-Identifier: Apache-2.0
// The end of instances: first the calls, then `destroy`.
#pragma once
#include <chrono>
#include <memory>
#include <vector>

#include "core/async.hpp"
#include "plugin/instance.hpp"

namespace headwind::plugin {

using Instances = std::vector<std::shared_ptr<Instance>>;

bool is_idle(const Instance& instance);
// Returns when all are idle, or after `limit`.
Task<> wait_idle(Instances instances, std::chrono::milliseconds limit);
void block_until_idle(const Instances& instances, std::chrono::milliseconds limit);  // without an event loop
// All at once: the deadline of `destroy` bounds the whole.
Task<> destroy_all(Instances instances);

// Instances whose seat another has taken, or which nobody wants any more. Each is destroyed after its last call; one
// with a call that never returns stays. On the executor's thread only.
class Retired : public std::enable_shared_from_this<Retired> {
 public:
  void add(const Executor& executor, std::shared_ptr<Instance> instance);
  const Instances& all() const { return all_; }
  // From now on they are the caller's to end.
  Instances take() { return std::exchange(all_, {}); }

 private:
  static Task<> see_off(std::weak_ptr<Retired> weak, std::shared_ptr<Instance> instance);
  Instances all_;
};

}  // namespace headwind::plugin
