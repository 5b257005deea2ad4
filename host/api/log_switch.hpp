// SPDX-License-Identifier: Apache-2.0
// The filter of the log, as a person changes it while Headwind runs: for a while, or until it is taken back.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/async.hpp"
#include "core/result.hpp"

namespace headwind::api {

inline constexpr std::chrono::hours longest_log_override{24};

// Belongs to one thread. There is one log, so there is one of it in a process.
class LogSwitch : public std::enable_shared_from_this<LogSwitch> {
 public:
  struct State {
    std::string filter, configured;
    bool overridden = false;
    std::string by;             // empty: nobody knows, or it is not overridden
    std::int64_t until_ms = 0;  // since 1970; 0: no end
  };
  State state() const;

  // `lasting` 0: until it is taken back, the configuration has another level, or the process ends. Code::invalid where
  // the filter is none, or names a room that there is not.
  Result<> set(const Executor& executor, std::string_view filter, std::chrono::milliseconds lasting, std::string by);
  void take_back(std::string_view by);

 private:
  static Task<> end_later(std::weak_ptr<LogSwitch> weak, std::chrono::milliseconds lasting, std::uint64_t number);

  std::uint64_t number_ = 0;  // of the override in force
  std::string by_;
  std::int64_t until_ms_ = 0;
};

}  // namespace headwind::api
