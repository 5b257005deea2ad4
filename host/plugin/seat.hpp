// SPDX-License-Identifier: Apache-2.0
// The named place of an instance. Views hold the seat and ask it at each call, so that all of them move at once when
// another instance takes it; a call keeps the instance that it began with. On the executor's thread only.
#pragma once
#include <memory>
#include <string>
#include <utility>

#include "plugin/instance.hpp"

namespace headwind::plugin {

class Seat {
 public:
  explicit Seat(std::shared_ptr<Instance> first) : name_(first->name()), instance_(std::move(first)) {}
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  const std::string& name() const { return name_; }
  const std::shared_ptr<Instance>& instance() const { return instance_; }
  // Calls that begin from now on go to `next`. The former one is the caller's: calls may still be under way in it.
  std::shared_ptr<Instance> take(std::shared_ptr<Instance> next) { return std::exchange(instance_, std::move(next)); }

 private:
  const std::string name_;
  std::shared_ptr<Instance> instance_;
};

}  // namespace headwind::plugin
