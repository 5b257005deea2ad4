// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "update/request.hpp"

namespace headwind::update {

// Hears of every UpdateRequest that is made, changed or gone, on the engine's thread and in order. Must return quickly.
class RequestObserver {
 public:
  virtual ~RequestObserver() = default;
  virtual void request_changed(const UpdateRequest& request) = 0;
  virtual void request_gone(const UpdateRequest& request) = 0;
};

}  // namespace headwind::update
