// SPDX-License-Identifier: Apache-2.0
// Lines "key=value" as annotations of a workload, and the whole as its history: nothing is refused with a crash, every
// mistake is one printable sentence, and what is written is read again.
#include <cstdint>
#include <cstdlib>

#include "core/text.hpp"
#include "update/history.hpp"
#include "update/settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headwind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  inventory::Workload workload;
  workload.key = {"Deployment", "shop", "web"};
  static const Symbol keys[] = {"headwind.sh/policy",           "headwind.sh/pattern",
                                "headwind.sh/require-approval", "headwind.sh/images",
                                "headwind.sh/last-update",      "headwind.sh/min-update-interval",
                                "headwind.sh/event-source",     "headwind.sh/polcy"};
  std::size_t next = 0;
  for (const auto line : split(text, '\n')) workload.annotations.emplace_back(keys[next++ % 8], std::string(line));
  const update::Settings settings = update::read_settings(workload, std::chrono::seconds(300), 1762425000000);
  for (const update::Mistake& mistake : settings.mistakes)
    if (mistake.sentence.empty() || printable(mistake.sentence, 65536) != mistake.sentence) std::abort();
  inventory::Slot slot;
  slot.slot = "containers/app";
  (void)settings.selects(slot);

  const auto entries = update::read_history(text);
  if (update::read_history(update::write_history(entries)).size() != entries.size()) std::abort();
  return 0;
}
