// SPDX-License-Identifier: Apache-2.0
// What is remembered of the calls of one instance, for people who look. On the executor's thread only.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind::plugin {

class Tally {
 public:
  Tally();
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  // `status` is a label of the metric: it must live as long as the program.
  void count(std::string_view status, std::uint64_t by);
  void failed(const std::string& sentence);

  std::int64_t since_ms() const { return since_ms_; }  // of the wall clock
  std::uint64_t calls() const { return calls_; }
  std::map<std::string, std::uint64_t> errors() const;  // by status
  const std::string& last_error() const { return last_error_; }
  std::int64_t last_error_ms() const { return last_error_ms_; }

 private:
  const std::int64_t since_ms_;
  std::uint64_t calls_ = 0;
  std::map<std::string_view, std::uint64_t> errors_;
  std::string last_error_;
  std::int64_t last_error_ms_ = 0;
};

}  // namespace headwind::plugin
