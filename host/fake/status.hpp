// SPDX-License-Identifier: Apache-2.0
// Failures in the form in which a Kubernetes API server tells them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fake/json.hpp"
#include "fake/resource.hpp"

namespace headwind::fake {

struct Failure {
  unsigned code = 500;
  Json status;  // the body: kind Status
  unsigned retry_after_s = 0;
};

// A value or a Failure. Not boost::system::result: a JSON value converts to everything, which confuses that one. So
// `return Outcome<Json>(value);`, spelled out.
template <class T>
class Outcome {
 public:
  Outcome(T value) : value_(std::move(value)) {}
  Outcome(Failure failure) : failure_(std::move(failure)) {}
  explicit operator bool() const { return value_.has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  const Failure& error() const { return failure_; }

 private:
  std::optional<T> value_;
  Failure failure_;
};

// One entry of details.causes.
struct Cause {
  std::string reason;  // "FieldValueRequired", "FieldValueInvalid", ...
  std::string field;   // "spec.newImage"
  std::string message;
};

// A failure without details; the reason is the usual one of `code` where it is empty.
Failure failure(unsigned code, std::string_view message, std::string_view reason = {});
Failure not_found(const ResourceType& type, std::string_view name);
Failure already_exists(const ResourceType& type, std::string_view name);
Failure conflict(std::string_view qualified_name, const ResourceType& type, std::string_view name,
                 std::string_view why);
// The resourceVersion that was sent is not the one that is stored.
Failure modified(const ResourceType& type, std::string_view name);
Failure invalid(const ResourceType& type, std::string_view name, const std::vector<Cause>& causes);
// A patch that does not apply, a failed `test` among them: 422 without causes.
Failure patch_refused();
Failure expired(std::string_view message);

}  // namespace headwind::fake
