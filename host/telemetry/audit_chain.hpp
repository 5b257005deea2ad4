// SPDX-License-Identifier: Apache-2.0
// How the lines of the audit stream hang together. Each is a JSON object with sorted members, without spaces, as
// `jq -cS` writes it: {"action":"approve","audit":"v1",...,"hash":H,...,"prev":P,"seq":17,...}. P is the hash of the
// entry before it (64 zeros in the first), and H the SHA-256, in hex, of P and the line without its member "hash".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/audit.hpp"

namespace headwind::telemetry {

inline constexpr std::size_t longest_audit_line = 64U << 10U;

struct ChainHead {  // the last entry
  std::uint64_t sequence = 0;
  std::string hash = std::string(64, '0');
};

// What stands in an entry beside what happened.
struct AuditNotes {
  std::string process = {}, sink = {};  // of the entry "start"
  std::size_t torn = 0;                 // bytes of a line before it whose end was never written
  std::uint64_t lost = 0;               // entries before it that could not be written
};

// The line, without a newline; `head` becomes its own.
std::string audit_line(const AuditEntry& entry, std::int64_t unix_ms, const AuditNotes& notes, ChainHead& head);
// The head after `line`; nothing where it is no entry, or its hash is not that of its content.
std::optional<ChainHead> head_of(std::string_view line);

// Reads lines in their order, and finds the first that is not as Headwind wrote it.
class AuditVerifier {
 public:
  enum class Source : std::uint8_t {
    file,   // every line is an entry
    stream  // other lines stand between: what `kubectl logs` prints
  };
  explicit AuditVerifier(Source source) : source_(source) {}

  struct Broken {
    std::string file;
    std::size_t line = 0;  // from 1, in `file`
    std::string sentence;
  };
  // The files of a rotation come in order; the chain goes on from one into the next.
  void begin(std::string file);
  // `whole`: it ended with a newline. After something broken nothing more is read.
  void read(std::string_view line, bool whole);
  void end();

  const std::optional<Broken>& broken() const { return broken_; }
  const std::vector<std::string>& notes() const { return notes_; }  // what a person should know all the same
  std::uint64_t entries() const { return entries_; }
  std::uint64_t others() const { return others_; }  // lines of a stream that are no entries
  const ChainHead& head() const { return head_; }
  const std::string& first_time() const { return first_time_; }
  const std::string& last_time() const { return last_time_; }
  bool ended() const { return last_action_ == "stop"; }

 private:
  struct Doubt {
    Broken at;
    std::size_t bytes = 0;
  };
  void not_an_entry(std::string_view line, std::string sentence);
  void doubt(std::string_view line, std::string sentence);
  bool settle(std::size_t torn);
  bool follows(std::uint64_t sequence, std::string_view previous, std::string_view sink);
  void fail(std::string sentence);

  Source source_;
  std::string file_;
  std::size_t line_ = 0;
  ChainHead head_;
  std::uint64_t entries_ = 0, others_ = 0;
  std::string first_time_, last_time_, last_action_;
  std::optional<Doubt> doubt_;  // a line that the next entry may explain
  std::optional<Broken> broken_;
  std::vector<std::string> notes_;
};

}  // namespace headwind::telemetry
