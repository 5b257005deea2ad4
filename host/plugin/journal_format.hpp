// SPDX-License-Identifier: Apache-2.0
// The bytes of the crash journal: a header, the crashes that earlier starts have counted, and one slot for each thread
// that enters plugins. After a crash the file is foreign: whatever is written in it is checked before it is believed.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace headwind::plugin::journal {

inline constexpr std::size_t kSlots = 512, kCrashes = 64, kNameSize = 72, kFunctionSize = 24;
inline constexpr std::uint32_t kBusy = 1;        // Record::state: a call is under way
inline constexpr std::uint32_t kExited = 0x100;  // Record::mark: exit() was called; else the signal's number

struct Record {  // a slot, or a counted crash
  std::array<char, kNameSize> name;
  std::array<char, kFunctionSize> function;
  std::uint64_t fingerprint;
  std::int64_t started_ms, crashed_ms;  // of the wall clock
  std::uint32_t state, mark;            // mark: 0 where nothing happened
};
static_assert(sizeof(Record) == 128);

struct Image {  // the whole file
  std::array<char, 16> magic;
  std::uint32_t version, record_size, crash_count, slot_count;
  std::array<char, 96> reserved;
  std::array<Record, kCrashes> crashes;
  std::array<Record, kSlots> slots;
};
static_assert(sizeof(Image) == 128 * (1 + kCrashes + kSlots));

struct Crash {
  std::string name;      // of an instance, or "file:NAME.so" of a module that was being loaded
  std::string function;  // "choose", "load"
  std::uint64_t fingerprint = 0;
  std::int64_t started_ms = 0, crashed_ms = 0;
  std::uint32_t mark = 0;
};

struct Contents {
  std::vector<Crash> counted;  // by earlier starts, oldest first
  std::vector<Crash> fresh;    // marked since
};

// Records that cannot be true, among them those of the future, are left out; the error says why nothing can be read.
Result<Contents> parse(std::string_view bytes, std::int64_t now_ms);
// A file with these crashes, the newest where there are too many, and all slots free.
Image make_image(const std::vector<Crash>& crashes);

// As names are kept: cut to what fits, and free of characters that a log or a label could stumble over.
std::array<char, kNameSize> stored_name(std::string_view name);
// "SIGSEGV" or "exit()".
std::string_view mark_name(std::uint32_t mark);
// The signals that end a process because of what it did itself.
const std::array<int, 6>& fatal_signals();

}  // namespace headwind::plugin::journal
