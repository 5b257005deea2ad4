// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

namespace headwind::update {

enum class Origin : std::uint8_t { webhook, polling, sweep };

// "This repository has something new": kept in the inbox until each workload it matches is dealt with.
struct Hint {
  std::string repository;  // canonical, with host
  std::string tag;
  std::string digest;  // what the sender said; confirmed before anything is changed
  Origin origin = Origin::webhook;
  std::string trace;  // W3C traceparent, or empty
  std::int64_t arrived_ms = 0;

  // Its key in the inbox: equal for every push of that tag.
  std::string key() const { return repository + ":" + tag; }
};

}  // namespace headwind::update
