// SPDX-License-Identifier: Apache-2.0
#include "plugin/journal_format.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>

#include "core/hash.hpp"

namespace headwind::plugin::journal {
namespace {

constexpr std::string_view kMagic = "headwind-crashes";
constexpr std::uint32_t kVersion = 1;
constexpr std::int64_t kFuture = 60'000;  // clocks are set back a little now and then

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.:~").find(c) != std::string_view::npos;
}

bool is_mark(std::uint32_t mark) {
  return mark == kExited ||
         std::ranges::any_of(fatal_signals(), [&](int number) { return mark == std::uint32_t(number); });
}

// Empty where it is not text that ends within its field.
template <std::size_t Size>
std::string_view read_text(const std::array<char, Size>& field) {
  const auto* const end = std::ranges::find(field, '\0');
  if (end == field.end() || !std::all_of(field.begin(), end, is_name_char)) return {};
  return {field.data(), static_cast<std::size_t>(end - field.begin())};
}

// False where the record cannot be true.
bool read_record(const Record& record, std::int64_t now_ms, Crash& out) {
  out.name = read_text(record.name);
  out.function = read_text(record.function);
  out.fingerprint = record.fingerprint;
  out.started_ms = record.started_ms;
  out.crashed_ms = record.crashed_ms;
  out.mark = record.mark;
  return !out.name.empty() && !out.function.empty() && is_mark(record.mark) && record.crashed_ms > 0 &&
         record.crashed_ms <= now_ms + kFuture;
}

template <std::size_t Size>
void write_text(std::array<char, Size>& field, std::string_view text) {
  field = {};
  std::ranges::copy(text.substr(0, Size - 1), field.begin());
}

}  // namespace

const std::array<int, 6>& fatal_signals() {
  // SIGTRAP: what __builtin_trap is on AArch64.
  static constexpr std::array<int, 6> signals{SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP};
  return signals;
}

std::string_view mark_name(std::uint32_t mark) {
  switch (mark) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGABRT: return "SIGABRT";
    case SIGILL: return "SIGILL";
    case SIGFPE: return "SIGFPE";
    case SIGTRAP: return "SIGTRAP";
    case kExited: return "exit()";
    default: return "?";
  }
}

std::array<char, kNameSize> stored_name(std::string_view name) {
  std::string text(name);
  if (text.size() >= kNameSize) text = text.substr(0, kNameSize - 18) + "~" + sha256_hex(name).substr(0, 16);
  for (char& c : text) {
    if (!is_name_char(c)) c = '_';
  }
  std::array<char, kNameSize> out{};
  write_text(out, text);
  return out;
}

Result<Contents> parse(std::string_view bytes, std::int64_t now_ms) {
  static_assert(std::is_trivially_copyable_v<Image>);
  if (bytes.size() != sizeof(Image))
    return make_error(Code::invalid,
                      "it is " + std::to_string(bytes.size()) + " bytes long, not " + std::to_string(sizeof(Image)));
  Image image{};
  std::memcpy(&image, bytes.data(), sizeof image);
  if (std::string_view(image.magic.data(), image.magic.size()) != kMagic || image.version != kVersion ||
      image.record_size != sizeof(Record) || image.crash_count != kCrashes || image.slot_count != kSlots)
    return make_error(Code::invalid, "it was not written by this version");
  Contents contents;
  Crash crash;
  for (const Record& record : image.crashes) {
    if (record.mark != 0 && read_record(record, now_ms, crash)) contents.counted.push_back(crash);
  }
  for (const Record& record : image.slots) {
    if (record.mark != 0 && record.state == kBusy && read_record(record, now_ms, crash))
      contents.fresh.push_back(crash);
  }
  return contents;
}

Image make_image(const std::vector<Crash>& crashes) {
  Image image{};
  std::ranges::copy(kMagic, image.magic.begin());
  image.version = kVersion;
  image.record_size = sizeof(Record);
  image.crash_count = kCrashes;
  image.slot_count = kSlots;
  const std::size_t count = std::min(crashes.size(), kCrashes);
  for (std::size_t i = 0; i < count; ++i) {
    const Crash& crash = crashes[crashes.size() - count + i];
    Record& record = image.crashes[i];
    write_text(record.name, crash.name);
    write_text(record.function, crash.function);
    record.fingerprint = crash.fingerprint;
    record.started_ms = crash.started_ms;
    record.crashed_ms = crash.crashed_ms;
    record.mark = crash.mark;
  }
  return image;
}

}  // namespace headwind::plugin::journal
