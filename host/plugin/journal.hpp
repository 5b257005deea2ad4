// SPDX-License-Identifier: Apache-2.0
// Who crashed us. A crash within a plugin ends this process, so what is under way is written into a file that is mapped
// shared: the kernel keeps it when the process is gone, and the next start reads it. A slot counts only where a handler
// has marked it (crash_marks.hpp): an OOM kill or a SIGKILL blames nobody.
//
// Two crashes of an instance within ten minutes quarantine it, until an hour has passed since the last one, or its
// settings or its file have changed.
#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "plugin/journal_format.hpp"

namespace headwind::plugin {

struct Culprit {  // whom a slot names
  std::array<char, journal::kNameSize> name{};
  std::uint64_t fingerprint = 0;
};
Culprit make_culprit(std::string_view name, std::uint64_t fingerprint);
// Changes with the file and the settings. Of the file only its size and time: it is not read again at each start.
std::uint64_t fingerprint_of(const std::filesystem::path& file, std::string_view settings = {});

struct Quarantine {
  std::int64_t until_ms = 0;  // of the wall clock
  journal::Crash last;
  std::string sentence() const;  // "it is quarantined until …, because …"
};

class Journal {
 public:
  static constexpr std::int64_t kWindow = 10LL * 60'000, kTerm = 60LL * 60'000;
  static constexpr std::int64_t kKept = 24LL * 3600 * 1000;  // then a crash is forgotten

  // Reads what the last process has left in the directory, and begins anew. The error says why there is no journal.
  static Result<std::shared_ptr<Journal>> open(const std::filesystem::path& directory, std::int64_t now_ms);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // From now on crashes of this process are marked. For its whole life: handlers are process-wide.
  static void watch();

  // What the last process died of; mostly nothing.
  const std::vector<journal::Crash>& found() const { return found_; }
  // Where the last file could not be read: one sentence.
  const std::string& complaint() const { return complaint_; }
  std::size_t crashes(const Culprit& culprit) const;  // of the last day
  std::optional<Quarantine> quarantine(const Culprit& culprit, std::int64_t now_ms) const;

  // While it lives, this thread is within that plugin. Without a journal it does nothing; likewise where 512 threads
  // are within plugins already.
  class Entry {
   public:
    Entry(const std::shared_ptr<Journal>& journal, const Culprit& culprit, std::string_view function);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    journal::Record* slot_ = nullptr;
  };

 private:
  struct Claim;  // of a slot, by a thread, until it ends
  Journal(int file, journal::Image* image) : file_(file), image_(image) {}
  journal::Record* take_slot();
  void give_back(journal::Record* slot);

  const int file_;
  journal::Image* const image_;
  std::vector<journal::Crash> found_, crashes_;
  std::string complaint_;
  std::mutex mutex_;
  std::vector<journal::Record*> free_;
};

}  // namespace headwind::plugin
