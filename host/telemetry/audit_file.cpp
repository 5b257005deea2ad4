// SPDX-License-Identifier: Apache-2.0
#include "telemetry/audit_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace headwind::telemetry {
namespace {

Error trouble(const std::string& path, const std::string& what) {
  return make_error(Code::unavailable, "audit.file: " + path + " " + what);
}

Error trouble_of_system(const std::string& path, const char* what) {
  const int cause = errno;
  return trouble(path, std::string(what) + ": " + std::strerror(cause) +
                           (cause == ENOSPC   ? "; make room on its disk"
                            : cause == EACCES ? "; let user 1001 write it"
                            : cause == EROFS  ? "; mount a volume there"
                                              : ""));
}

}  // namespace

Written write_all(int descriptor, std::string_view text) {
  Written written;
  while (written.bytes < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + written.bytes, text.size() - written.bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return written;
    written.bytes += static_cast<std::size_t>(count);
  }
  written.all = true;
  return written;
}

AuditFile::~AuditFile() { close(); }

void AuditFile::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  torn_ = 0;
}

bool AuditFile::is_still_there() const {
  struct stat ours{}, now{};
  return ::fstat(descriptor_, &ours) == 0 && ::stat(path_.c_str(), &now) == 0 && ours.st_dev == now.st_dev &&
         ours.st_ino == now.st_ino;
}

Result<> AuditFile::prepare(ChainHead& head) {
  if (descriptor_ >= 0 && is_still_there()) return {};
  close();
  // A pipe without a reader would hold us up: O_NONBLOCK.
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (descriptor_ < 0) return trouble_of_system(path_, "cannot be opened");
  struct stat found{};
  Result<> result;
  if (::fstat(descriptor_, &found) != 0)
    result = trouble_of_system(path_, "cannot be looked at");
  else if (!S_ISREG(found.st_mode))
    result = trouble(path_, "is no regular file; name one, or set audit.sink to stdout");
  else if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0)
    result = trouble(path_, "is written by another process; give each its own file");
  else if (found.st_size > 0)
    result = read_head(found.st_size, head);
  if (!result) close();
  return result;
}

Result<> AuditFile::read_head(off_t size, ChainHead& head) {
  std::string tail(static_cast<std::size_t>(std::min<off_t>(size, 2 * longest_audit_line)), '\0');
  const off_t from = size - static_cast<off_t>(tail.size());
  std::size_t read = 0;
  while (read < tail.size()) {
    const ssize_t count = ::pread(descriptor_, tail.data() + read, tail.size() - read, from + static_cast<off_t>(read));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return trouble_of_system(path_, "cannot be read");
    read += static_cast<std::size_t>(count);
  }
  const std::size_t newline = tail.rfind('\n');
  torn_ = tail.size() - (newline == std::string::npos ? 0 : newline + 1);
  if (newline == std::string::npos) {
    if (from == 0) return {};  // one line without end: nothing was ever written whole
    return trouble(path_, "does not end with an entry of the audit stream; move it away");
  }
  const std::string_view whole = std::string_view(tail).substr(0, newline);
  const std::size_t before = whole.rfind('\n');
  const auto last = head_of(before == std::string_view::npos ? whole : whole.substr(before + 1));
  if (!last)
    return trouble(path_,
                   "does not end with an entry as Headwind writes it (headwind audit verify tells more); move it "
                   "away, and a new chain begins");
  head = *last;
  return {};
}

Result<> AuditFile::append(std::string_view line) {
  struct stat before{};
  if (::fstat(descriptor_, &before) != 0) return trouble_of_system(path_, "cannot be looked at");
  const std::string text = (torn_ > 0 ? "\n" : "") + std::string(line) + "\n";
  const Written written = write_all(descriptor_, text);
  if (written.all) {
    torn_ = 0;
    return {};
  }
  Error error = trouble_of_system(path_, "cannot be written");
  // Half a line is taken back; a file that can only grow (chattr +a) keeps it, and the next entry says so.
  if (written.bytes > 0 && ::ftruncate(descriptor_, before.st_size) != 0) torn_ = written.bytes - (torn_ > 0 ? 1 : 0);
  return error;
}

Result<> AuditFile::flush() const {
  if (::fdatasync(descriptor_) != 0) return trouble_of_system(path_, "cannot be flushed");
  return {};
}

}  // namespace headwind::telemetry
