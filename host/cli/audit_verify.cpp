// SPDX-License-Identifier: Apache-2.0
// headwind audit verify FILE...|-: whether the audit stream is as it was written.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "cli/audit_verify.hpp"
#include "cli/commands.hpp"
#include "core/text.hpp"
#include "telemetry/audit_chain.hpp"

namespace headwind::cli {
namespace {

using telemetry::AuditVerifier;

// The next line, cut soon after what an entry may be long; false at the end. `whole`: it ended with a newline.
bool next_line(std::istream& in, std::string& line, bool& whole) {
  line.clear();
  whole = false;
  std::streambuf* const buffer = in.rdbuf();
  for (int byte = buffer->sbumpc(); byte != std::char_traits<char>::eof(); byte = buffer->sbumpc()) {
    if (byte == '\n') {
      whole = true;
      return true;
    }
    if (line.size() <= telemetry::longest_audit_line) line.push_back(static_cast<char>(byte));
  }
  return !line.empty();
}

void read_all(std::istream& in, AuditVerifier& verifier) {
  std::string line;
  bool whole = false;
  while (!verifier.broken() && next_line(in, line, whole)) verifier.read(line, whole);
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && to_lower(text).find_first_not_of("0123456789abcdef") == std::string::npos;
}

int tell(const AuditVerifier& verifier, const AuditVerifyOptions& options) {
  for (const std::string& note : verifier.notes()) std::fprintf(stderr, "note: %s\n", printable(note).c_str());
  if (const auto& broken = verifier.broken()) {
    std::fprintf(stderr, "%s:%zu: %s\n", printable(broken->file).c_str(), broken->line,
                 printable(broken->sentence).c_str());
    return failed;
  }
  if (verifier.entries() == 0) return complain("there is no entry of the audit stream in it", failed);
  if (!verifier.ended())
    std::fprintf(stderr,
                 "note: the last entry is not that Headwind stopped: it runs, was killed, or lines are missing at the "
                 "end; compare the last hash or number with one that is known (--last, headwind_audit_sequence)\n");
  const telemetry::ChainHead& head = verifier.head();
  if (!options.last.empty() && to_lower(options.last) != head.hash)
    return complain("the last entry, number " + std::to_string(head.sequence) + ", has the hash " + head.hash +
                        ", not that of --last: lines are missing at the end, or were added",
                    failed);
  std::printf("%llu entries, from %s to %s; the last is number %llu, hash %s\n",
              static_cast<unsigned long long>(verifier.entries()), verifier.first_time().c_str(),
              verifier.last_time().c_str(), static_cast<unsigned long long>(head.sequence), head.hash.c_str());
  return done;
}

}  // namespace

int audit_verify_command(const AuditVerifyOptions& options) {
  if (!options.last.empty() && !is_hash(options.last))
    return complain("--last is no hash: give the 64 hexadecimal digits that stand behind \"hash\" in an entry",
                    wrong_usage);
  const bool stream = options.files.size() == 1 && options.files[0] == "-";
  AuditVerifier verifier(stream ? AuditVerifier::Source::stream : AuditVerifier::Source::file);
  for (const std::string& file : options.files) {
    verifier.begin(file);
    if (stream) {
      std::ios::sync_with_stdio(false);
      read_all(std::cin, verifier);
      break;
    }
    if (file == "-") return complain("- stands for standard input and goes alone, without files", wrong_usage);
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    const bool empty = in && in.peek() == std::char_traits<char>::eof();
    if (in.bad() || !in.is_open())  // a directory opens, but cannot be read
      return complain(
          "the file " + printable(file, 500) + " cannot be read: " + std::strerror(errno == 0 ? EIO : errno),
          wrong_usage);
    if (empty)
      std::fprintf(stderr, "note: the file %s is empty\n", printable(file, 500).c_str());
    else
      read_all(in, verifier);
  }
  verifier.end();
  return tell(verifier, options);
}

}  // namespace headwind::cli
