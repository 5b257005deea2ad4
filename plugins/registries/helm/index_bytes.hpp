// SPDX-License-Identifier: Apache-2.0
// The bytes of an index on their way to a parser, within the limits that hold for any notation.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "registries/core/outcome.hpp"

namespace headwind::registries::helm {

inline constexpr std::size_t max_index = 64 * 1024 * 1024;
inline constexpr std::size_t max_value = 1024 * 1024;  // of one value, with what may stand between it and the next

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // At most that many, at least one unless it has ended.
  virtual std::size_t read(char* to, std::size_t most) = 0;
  // Whether the end was none of the index, but of our hearing of it.
  virtual bool is_broken() const { return false; }
};

class IndexBytes {
 public:
  explicit IndexBytes(ByteSource& source) : source_(source) {}

  // How it begins, a few kilobytes or all there is. Before the first read.
  std::string_view beginning();
  // As ByteSource; also 0 once it has failed.
  std::size_t read(char* to, std::size_t most);
  // The parser has got a value out of what it read.
  void value_read() { since_value_ = 0; }
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  std::size_t count(std::size_t size);

  ByteSource& source_;
  std::string head_;
  std::size_t head_at_ = 0, total_ = 0, since_value_ = 0;
  std::optional<Failure> failure_;
};

}  // namespace headwind::registries::helm
