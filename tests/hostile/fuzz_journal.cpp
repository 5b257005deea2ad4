// SPDX-License-Identifier: Apache-2.0
// The crash journal that a dead process left behind: any bytes give crashes that could be true, or a sentence.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/journal_format.hpp"

namespace journal = headwind::plugin::journal;

namespace {
constexpr std::int64_t kNow = 1'800'000'000'000;

void read(std::string_view bytes) {
  const auto contents = journal::parse(bytes, kNow);
  if (!contents) {
    if (contents.error().message.empty()) std::abort();
    return;
  }
  if (contents->counted.size() > journal::kCrashes || contents->fresh.size() > journal::kSlots) std::abort();
  for (const auto* list : {&contents->counted, &contents->fresh}) {
    for (const journal::Crash& crash : *list) {
      const bool plain = std::ranges::none_of(crash.name + crash.function, [](char c) { return c <= ' ' || c > '~'; });
      if (!plain || crash.name.empty() || crash.name.size() >= journal::kNameSize || crash.crashed_ms > kNow + 60'000 ||
          journal::mark_name(crash.mark) == "?")
        std::abort();
    }
  }
  // What was believed is believed again.
  std::vector<journal::Crash> counted = contents->counted;
  const journal::Image again = journal::make_image(counted);
  const auto same = journal::parse({reinterpret_cast<const char*>(&again), sizeof again}, kNow);
  if (!same || same->counted.size() != counted.size()) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  read(input);
  // And laid over a good file, where they reach what lies behind the checks of its head.
  journal::Image image = journal::make_image({{"slack", "send", 1, kNow - 2, kNow - 1, SIGSEGV}});
  std::string bytes(reinterpret_cast<const char*>(&image), sizeof image);
  const std::size_t first = sizeof(journal::Record), slots = first * (1 + journal::kCrashes);
  bytes.replace(first, std::min(size, slots - first), input.substr(0, slots - first));
  const std::size_t rest = std::min(size, bytes.size() - slots);
  bytes.replace(slots, rest, input.substr(0, rest));
  read(bytes);
  return 0;
}
