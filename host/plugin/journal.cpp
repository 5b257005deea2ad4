// SPDX-License-Identifier: Apache-2.0
#include "plugin/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "core/clock.hpp"
#include "core/hash.hpp"
#include "plugin/crash_marks.hpp"

namespace headwind::plugin {
namespace {

using journal::Crash;
using journal::Image;
using journal::Record;

Error cannot(const std::filesystem::path& file, std::string_view what, int error) {
  return make_error(Code::unavailable, file.string() + " cannot be " + std::string(what) + ": " + std::strerror(error));
}

std::string read_all(int file) {
  std::string bytes(sizeof(Image) + 1, '\0');  // one more shows that it is longer
  const ssize_t got = pread(file, bytes.data(), bytes.size(), 0);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

// Its blocks are taken now: a full disk must not become a SIGBUS later.
int write_all(int file, const Image& image) {
  if (const int failed = posix_fallocate(file, 0, sizeof image); failed != 0) return failed;
  if (ftruncate(file, sizeof image) != 0) return errno;
  const ssize_t written = pwrite(file, &image, sizeof image, 0);
  if (written < 0) return errno;
  return written == static_cast<ssize_t>(sizeof image) ? 0 : ENOSPC;
}

std::string_view text_of(const std::array<char, journal::kNameSize>& name) { return name.data(); }

}  // namespace

Culprit make_culprit(std::string_view name, std::uint64_t fingerprint) {
  return {journal::stored_name(name), fingerprint};
}

std::uint64_t fingerprint_of(const std::filesystem::path& file, std::string_view settings) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(file, ignored);
  const auto time = std::filesystem::last_write_time(file, ignored).time_since_epoch().count();
  const std::string hash = sha256_hex(std::to_string(size) + " " + std::to_string(time) + " " + std::string(settings));
  std::uint64_t out = 0;
  std::from_chars(hash.data(), hash.data() + 16, out, 16);
  return out;
}

std::string Quarantine::sentence() const {
  return "it is quarantined until " + format_rfc3339(until_ms) +
         ", because it ended Headwind twice within ten minutes (last by " + std::string(journal::mark_name(last.mark)) +
         " in " + last.function + " at " + format_rfc3339(last.crashed_ms) +
         "); mend or replace the plugin, or change its settings, and restart Headwind";
}

Result<std::shared_ptr<Journal>> Journal::open(const std::filesystem::path& directory, std::int64_t now_ms) {
  const std::filesystem::path path = directory / "plugin-crashes";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (file < 0) return cannot(path, "opened", errno);
  const auto refuse = [&](std::string_view what, int error) {
    close(file);
    return cannot(path, what, error);
  };
  if (flock(file, LOCK_EX | LOCK_NB) != 0) return refuse("locked (another Headwind uses it?)", errno);

  const std::string bytes = read_all(file);
  const Result<journal::Contents> contents = journal::parse(bytes, now_ms);
  std::vector<Crash> crashes, found;
  if (contents) {
    found = contents->fresh;
    crashes = contents->counted;
    crashes.insert(crashes.end(), found.begin(), found.end());
    std::erase_if(crashes, [&](const Crash& crash) { return crash.crashed_ms < now_ms - kKept; });
    std::ranges::sort(crashes, {}, &Crash::crashed_ms);
  }
  if (const int failed = write_all(file, journal::make_image(crashes)); failed != 0) return refuse("written", failed);
  void* mapped = mmap(nullptr, sizeof(Image), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) return refuse("mapped", errno);

  std::shared_ptr<Journal> out(new Journal(file, static_cast<Image*>(mapped)));
  out->found_ = std::move(found);
  out->crashes_ = std::move(crashes);
  if (!contents && !bytes.empty())
    out->complaint_ = path.string() + " was not understood and begins anew: " + contents.error().message;
  for (auto slot = out->image_->slots.rbegin(); slot != out->image_->slots.rend(); ++slot) out->free_.push_back(&*slot);
  return out;
}

Journal::~Journal() {
  munmap(image_, sizeof(Image));
  close(file_);
}

void Journal::watch() { journal::watch_for_crashes(); }

std::size_t Journal::crashes(const Culprit& culprit) const {
  return static_cast<std::size_t>(std::ranges::count(crashes_, text_of(culprit.name), &Crash::name));
}

std::optional<Quarantine> Journal::quarantine(const Culprit& culprit, std::int64_t now_ms) const {
  const Crash* before = nullptr;
  std::optional<Quarantine> out;
  for (const Crash& crash : crashes_) {  // oldest first
    if (crash.name != text_of(culprit.name) || crash.fingerprint != culprit.fingerprint) continue;
    if (before != nullptr && crash.crashed_ms - before->crashed_ms <= kWindow)
      out = Quarantine{crash.crashed_ms + kTerm, crash};
    before = &crash;
  }
  if (out && now_ms >= out->until_ms) out.reset();
  return out;
}

Record* Journal::take_slot() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return nullptr;
  Record* slot = free_.back();
  free_.pop_back();
  return slot;
}

void Journal::give_back(Record* slot) {
  const std::lock_guard lock(mutex_);
  free_.push_back(slot);
}

struct Journal::Claim {
  ~Claim() {
    if (owner && std::atomic_ref(slot->state).load() == journal::kBusy) {
      // exit() was called within a plugin: it destroys what the thread owns before it calls the hook that will blame
      // it.
      new std::shared_ptr<Journal>(std::move(owner));  // NOLINT: the slot must stay mapped until the very end
      return;
    }
    drop();
  }
  Record* of(const std::shared_ptr<Journal>& journal) {
    if (owner != journal) {
      drop();
      slot = journal->take_slot();
      if (slot == nullptr) return nullptr;  // tried again at the next call
      owner = journal;
      journal::blame_thread(slot);
    }
    return slot;
  }
  void drop() {
    journal::blame_thread(nullptr);
    if (owner) owner->give_back(slot);
    owner.reset();
  }

  std::shared_ptr<Journal> owner;
  Record* slot = nullptr;
  journal::SignalStack stack;
};

Journal::Entry::Entry(const std::shared_ptr<Journal>& journal, const Culprit& culprit, std::string_view function) {
  if (journal == nullptr) return;
  thread_local Claim claim;
  slot_ = claim.of(journal);
  if (slot_ == nullptr) return;
  slot_->name = culprit.name;
  slot_->function = {};
  std::ranges::copy(function.substr(0, journal::kFunctionSize - 1), slot_->function.begin());
  slot_->fingerprint = culprit.fingerprint;
  slot_->started_ms = system_clock().unix_ms();
  std::atomic_ref(slot_->state).store(journal::kBusy, std::memory_order_release);
}

Journal::Entry::~Entry() {
  if (slot_ != nullptr) std::atomic_ref(slot_->state).store(0, std::memory_order_release);
}

}  // namespace headwind::plugin
