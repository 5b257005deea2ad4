// SPDX-License-Identifier: Apache-2.0
// The audit stream: who did what, when, from where, with which digest; and what Headwind did by itself. One JSON line
// each, chained by hashes (audit_chain.hpp). It is told apart from the log: standard output, or a file. Any thread.
#pragma once
#include <cstdint>
#include <string>

namespace headwind::telemetry {

struct AuditEntry {
  std::string action;  // "approve", "reject", "rollback", "release", "loglevel", "apply" ...
  std::string via;     // "api", "annotation", or "operator" for what nobody asked for just then
  std::string user = {};
  bool vouched = true;  // somebody other than the user says that it is they: a TokenReview, the admission policy
  std::string address = {}, user_agent = {};  // of the caller, where there is one
  std::string kind = {}, name_space = {}, name = {};
  std::string from = {}, image = {}, digest = {};  // what ran, what runs or is to run, and its digest
  bool done = true;
  std::string reason = {};  // why it was not done, or why somebody asked for it
};

enum class AuditSink : std::uint8_t { off, standard_output, file };

struct AuditOptions {
  AuditSink sink = AuditSink::off;
  std::string file = {};     // of AuditSink::file; made with mode 0600, its chain is continued where it exists
  std::string process = {};  // for the first entry: "headwind/0.2.0"
};

// At the start; before it, nothing is written. The first entry is that the process began. A file that cannot be written
// is told in the log, and tried again with each entry: work is not held up for it (ADR 29).
void init_audit(const AuditOptions& options);

enum class AuditFlush : std::uint8_t {
  soon,  // handed to the kernel
  now    // on the disk when this returns: before a person is answered
};
// Texts of strangers are cut and made printable here. Where it cannot be written: one error in the log, with the entry.
void audit(const AuditEntry& entry, AuditFlush flush);

// The file was moved away perhaps: SIGHUP. A file that was is noticed at the next entry, too.
void reopen_audit();
// The last entry: the process ends in order. Nothing is written after it.
void end_audit();

struct AuditCounts {
  std::uint64_t written = 0, failed = 0, sequence = 0;  // entries since the process began; number of the last one
};
AuditCounts audit_counts();

}  // namespace headwind::telemetry
