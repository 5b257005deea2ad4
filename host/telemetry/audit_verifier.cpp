// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "telemetry/audit_chain.hpp"

namespace headwind::telemetry {
namespace {

using nlohmann::json;

constexpr std::size_t deepest = 4;  // entries are flat

// Nothing where it is no JSON object, or nested beyond reason: the parser's own depth is that of its input.
std::optional<json> object_in(std::string_view text) {
  bool shallow = true;
  json parsed = json::parse(
      text,
      [&](int depth, json::parse_event_t, const json&) {
        shallow = shallow && depth <= static_cast<int>(deepest);
        return shallow;
      },
      false);
  if (!shallow || !parsed.is_object()) return std::nullopt;
  return parsed;
}

std::string text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool looks_like_an_entry(std::string_view line) { return line.find(R"("audit":"v1")") != std::string_view::npos; }

const std::string& nothing_before() {
  static const std::string zeros(64, '0');
  return zeros;
}

}  // namespace

void AuditVerifier::begin(std::string file) {
  file_ = std::move(file);
  line_ = 0;
}

void AuditVerifier::fail(std::string sentence) { broken_ = Broken{file_, line_, std::move(sentence)}; }

void AuditVerifier::doubt(std::string_view line, std::string sentence) {
  if (settle(0)) doubt_ = Doubt{{file_, line_, std::move(sentence)}, line.size()};
}

// Whether what was in doubt is explained by an entry that says how long a line before it is that was not written to its
// end. Otherwise that line is what is broken.
bool AuditVerifier::settle(std::size_t torn) {
  if (!doubt_) return true;
  const Doubt before = *std::exchange(doubt_, std::nullopt);
  if (torn != before.bytes) {
    broken_ = before.at;
    return false;
  }
  notes_.push_back(before.at.file + ":" + std::to_string(before.at.line) +
                   ": this line was never written to its end: a full disk, or a process that was killed; the next "
                   "entry says so");
  return true;
}

void AuditVerifier::not_an_entry(std::string_view line, std::string sentence) {
  if (source_ == Source::stream && !looks_like_an_entry(line)) {
    ++others_;
    return;
  }
  doubt(line, std::move(sentence));
}

bool AuditVerifier::follows(std::uint64_t sequence, std::string_view previous, std::string_view sink) {
  const bool genesis = sequence == 1 && previous == nothing_before();
  if (entries_ == 0) {
    if (!genesis)
      notes_.push_back(file_ + ":" + std::to_string(line_) + ": the chain began earlier, this is entry " +
                       std::to_string(sequence) + ": give the files before it, too");
    return true;
  }
  if (genesis && sink == "stdout") {  // each process has a chain of its own there
    if (!ended())
      notes_.push_back(file_ + ":" + std::to_string(line_) +
                       ": a new process began, and the one before it had not ended in order: it was killed, or lines "
                       "are missing after entry " +
                       std::to_string(head_.sequence));
    return true;
  }
  const std::uint64_t wanted = head_.sequence + 1;
  if (sequence == wanted && previous == head_.hash) return true;
  if (sequence > wanted)
    fail("entry " + std::to_string(sequence) + " follows entry " + std::to_string(head_.sequence) +
         ": what was between them was removed, or moved");
  else if (sequence < wanted)
    fail("entry " + std::to_string(sequence) + " follows entry " + std::to_string(head_.sequence) +
         ": it was moved or repeated, or another chain begins here");
  else
    fail("its \"prev\" is not the hash of the entry before it: one of them was put in another's place");
  return false;
}

void AuditVerifier::read(std::string_view line, bool whole) {
  if (broken_) return;
  ++line_;
  if (line.size() > longest_audit_line)
    return not_an_entry(line, "is longer than " + std::to_string(longest_audit_line) + " bytes: no entry");
  const std::optional<json> parsed = object_in(line);
  if (!parsed || text_at(*parsed, "audit") != "v1")
    return not_an_entry(line, !whole || looks_like_an_entry(line)
                                  ? "is cut off or damaged: no whole entry"
                                  : "is no entry of the audit stream; a log's lines are passed over "
                                    "on standard input: headwind audit verify - < FILE");
  if (source_ == Source::file && !whole) return doubt(line, "is cut off: its newline is missing");
  json entry = *parsed;
  if (entry.dump() != line) return doubt(line, "is not written as Headwind writes it: it was edited");
  const std::string hash = text_at(entry, "hash"), previous = text_at(entry, "prev");
  entry.erase("hash");
  if (sha256_hex(previous + entry.dump()) != hash)
    return doubt(line, "its hash is not that of its content: it was edited");
  if (!settle(number_at(entry, "torn"))) return;
  const std::uint64_t sequence = number_at(entry, "seq");
  if (!follows(sequence, previous, text_at(entry, "sink"))) return;
  if (const std::uint64_t lost = number_at(entry, "lost"); lost > 0)
    notes_.push_back(file_ + ":" + std::to_string(line_) + ": before it " + std::to_string(lost) +
                     " entries could not be written; the log has them");
  head_ = {sequence, hash};
  last_time_ = text_at(entry, "ts");
  last_action_ = text_at(entry, "action");
  if (entries_++ == 0) first_time_ = last_time_;
}

void AuditVerifier::end() {
  if (!broken_ && doubt_) settle(0);
}

}  // namespace headwind::telemetry
