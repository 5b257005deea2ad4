// SPDX-License-Identifier: Apache-2.0
// The calls that a plugin of each kind is checked with.
#pragma once
#include <headwind/headwind.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/peer.hpp"
#include "conformance/visit.hpp"
#include "plugin/struct_size.hpp"

namespace headwind::conformance {

enum class Inputs : std::uint8_t {
  ordinary,
  empty,    // no texts, no rows
  huge,     // 10,000 tags, 500 events, a megabyte of object
  foreign,  // well-formed at the border, wrong inside: what strangers send
};

// Who it is about to call.
struct Callee {
  const hw_plugin& plugin;
  void* self;
  template <class Api>
  Api api() const {
    return headwind::plugin::known(*static_cast<const Api*>(plugin.api));
  }
};

struct Step {
  std::string function;   // "send"
  std::string situation;  // "an event without text"
  Wants wants{};
  // [quick]: it waits for nobody, so it has no other excuse than its input.
  bool computes = false;
  bool concurrent = true;
  // Calls the plugin's function with what it is lent by the visit, and judges what came of it.
  std::function<hw_status(const Callee&, Visit&)> call{};
  Peer peer{};  // where it is not the obliging one

  std::string place() const { return function + " (" + situation + ")"; }
};

std::vector<Step> steps_of(const hw_plugin& plugin, Inputs inputs);

// By kind.
std::vector<Step> policy_steps(Inputs inputs);
std::vector<Step> notifier_steps(Inputs inputs);
std::vector<Step> registry_steps(const hw_registry_api& api, Inputs inputs);
std::vector<Step> workload_steps(const hw_workload_api& api, Inputs inputs);

}  // namespace headwind::conformance
