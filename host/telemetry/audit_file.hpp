// SPDX-License-Identifier: Apache-2.0
// Where the lines of the audit stream go. Not thread-safe: audit.cpp holds it under its lock.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "telemetry/audit_chain.hpp"

namespace headwind::telemetry {

class AuditFile {
 public:
  explicit AuditFile(std::string path) : path_(std::move(path)) {}
  ~AuditFile();
  AuditFile(const AuditFile&) = delete;
  AuditFile& operator=(const AuditFile&) = delete;

  // Opens it where it is not open, or was moved away. `head` becomes that of its last entry; where it is empty it stays
  // as it is. What is wrong is a sentence with file and remedy.
  Result<> prepare(ChainHead& head);
  // Bytes of a line at its end that has no newline: the next line is to say so.
  std::size_t torn() const { return torn_; }
  // `line` without a newline. What could be written of it when it fails counts as torn.
  Result<> append(std::string_view line);
  Result<> flush() const;  // fdatasync
  void close();

 private:
  bool is_still_there() const;
  Result<> read_head(off_t size, ChainHead& head);

  std::string path_;
  int descriptor_ = -1;
  std::size_t torn_ = 0;
};

// All of it, or how much where it fails: errno says why.
struct Written {
  std::size_t bytes = 0;
  bool all = false;
};
Written write_all(int descriptor, std::string_view text);

}  // namespace headwind::telemetry
