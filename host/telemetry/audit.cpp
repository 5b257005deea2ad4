// SPDX-License-Identifier: Apache-2.0
#include "telemetry/audit.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>

#include "core/clock.hpp"
#include "telemetry/audit_chain.hpp"
#include "telemetry/audit_file.hpp"
#include "telemetry/log_control.hpp"
#include "telemetry/span.hpp"

namespace headwind::telemetry {
namespace {

struct Stream {
  std::mutex mutex;  // of all below
  AuditSink sink = AuditSink::off;
  std::unique_ptr<AuditFile> file;
  ChainHead head;
  std::uint64_t lost = 0;  // since the last entry that could be written
  bool torn = false;       // standard output: half a line was written
};

std::atomic<std::uint64_t> written{0}, failed{0}, sequence{0};

// Leaked on purpose, as the log.
Stream& stream() {
  static auto* const kept = new Stream;
  return *kept;
}

Result<> write_line(Stream& to, const std::string& line) {
  if (to.sink == AuditSink::file) return to.file->append(line);
  const Written done = write_all(STDOUT_FILENO, (to.torn ? "\n" : "") + line + "\n");
  to.torn = !done.all && (done.bytes > 0 || to.torn);
  if (done.all) return {};
  return make_error(Code::unavailable, std::string("standard output cannot be written: ") + std::strerror(errno));
}

Result<> write_entry(Stream& to, const AuditEntry& entry, AuditNotes notes, AuditFlush flush) {
  if (to.sink == AuditSink::file)
    if (const Result<> ready = to.file->prepare(to.head); !ready) return ready;
  if (const auto context = Current::context()) notes.trace = context->trace_id;
  notes.lost = to.lost;
  notes.torn = to.file ? to.file->torn() : 0;
  ChainHead next = to.head;
  if (const Result<> done = write_line(to, audit_line(entry, system_clock().unix_ms(), notes, next)); !done)
    return done;
  to.head = next;
  to.lost = 0;
  ++written;
  sequence = next.sequence;
  return flush == AuditFlush::now && to.file ? to.file->flush() : Result<>{};
}

// What the stream could not take is in the log, so that it is somewhere: all of it, each time, whatever the filter.
void tell(const AuditEntry& entry, const Error& error) {
  log_unfiltered(Level::error, "telemetry", "an audit entry could not be written; work goes on",
                 {{"error", error.message},
                  {"action", entry.action},
                  {"via", entry.via},
                  {"user", entry.user},
                  {"claimed", !entry.vouched},
                  {"address", entry.address},
                  {"userAgent", entry.user_agent},
                  {"kind", entry.kind},
                  {"namespace", entry.name_space},
                  {"name", entry.name},
                  {"from", entry.from},
                  {"image", entry.image},
                  {"digest", entry.digest},
                  {"done", entry.done},
                  {"reason", entry.reason}});
}

void write(const AuditEntry& entry, const AuditNotes& notes, AuditFlush flush) {
  Stream& to = stream();
  Result<> done;
  {
    const std::lock_guard lock(to.mutex);
    if (to.sink == AuditSink::off) return;
    const std::uint64_t before = written;
    done = write_entry(to, entry, notes, flush);
    if (!done) {
      ++failed;
      if (written == before) ++to.lost;
    }
  }
  if (!done) tell(entry, done.error());
}

AuditEntry own(const char* action) {
  AuditEntry entry;
  entry.action = action;
  entry.via = "operator";
  return entry;
}

std::string host_name() {
  std::string name(256, '\0');
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  name.resize(std::strlen(name.c_str()));
  return name;
}

}  // namespace

void init_audit(const AuditOptions& options) {
  Stream& to = stream();
  {
    const std::lock_guard lock(to.mutex);
    to.sink = options.sink;
    to.file = options.sink == AuditSink::file ? std::make_unique<AuditFile>(options.file) : nullptr;
    to.head = ChainHead();
    to.lost = 0;
  }
  AuditNotes notes;
  notes.process = options.process + " on " + host_name() + ", process " + std::to_string(::getpid());
  notes.sink = options.sink == AuditSink::file ? "file" : "stdout";
  write(own("start"), notes, AuditFlush::now);
}

void audit(const AuditEntry& entry, AuditFlush flush) { write(entry, {}, flush); }

void reopen_audit() {
  Stream& to = stream();
  {
    const std::lock_guard lock(to.mutex);
    if (!to.file) return;
    to.file->close();
  }
  write(own("reopen"), {}, AuditFlush::now);  // so that no file is empty, and each shows where it goes on from
}

void end_audit() {
  write(own("stop"), {}, AuditFlush::now);
  Stream& to = stream();
  const std::lock_guard lock(to.mutex);
  to.sink = AuditSink::off;
  to.file.reset();
}

AuditCounts audit_counts() { return {written, failed, sequence}; }

}  // namespace headwind::telemetry
