// SPDX-License-Identifier: Apache-2.0
// How a registry call ends: with a value, or with the status, sentence and waiting time that the host is told.
#pragma once
#include <headwind/base.h>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace headwind::registries {

struct Failure {
  hw_status code = HW_INTERNAL;
  std::string message;              // one sentence; never a secret
  std::int64_t retry_after_ms = 0;  // 0: the host's own backoff
};

template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Failure& failure() const { return std::get<1>(state_); }

 private:
  std::variant<T, Failure> state_;
};

}  // namespace headwind::registries
