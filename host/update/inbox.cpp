// SPDX-License-Identifier: Apache-2.0
#include "update/inbox.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <utility>
#include <vector>

#include "telemetry/log.hpp"
#include "update/hint_book.hpp"
#include "update/work_queue.hpp"

namespace headwind::update {
namespace {

// Writing a large ConfigMap often fills etcd: its size per second is what we allow ourselves.
constexpr std::int64_t bytes_per_second = 256 * 1024;

}  // namespace

Inbox::Inbox(Executor executor, InboxStore& store, const Clock& clock)
    : executor_(executor), store_(store), clock_(clock), progress_(std::make_shared<Signal>(executor)) {}

Inbox::~Inbox() = default;

void Inbox::put(const Hint& hint) {
  gone_.erase(hint.key());
  put_[hint.key()] = hint;
  ++generation_;
  start();
}

void Inbox::remove(const std::string& key) {
  put_.erase(key);
  if (!stored_.contains(key)) return;  // never written: nothing to take out
  gone_[key] = true;
  start();
}

void Inbox::assume_stored(const Hint& hint) { stored_[hint.key()] = stored_size(hint); }

void Inbox::start() {
  if (writing_ || stopped_) return;
  writing_ = true;
  spawn(executor_, "inbox", write_all());
}

Task<> Inbox::write_all() {
  unsigned failures = 0;
  co_await sleep_for(std::chrono::milliseconds(0));  // whatever else arrived in this turn of the loop comes along
  while (!stopped_ && (!put_.empty() || !gone_.empty())) {
    const std::int64_t wait = next_write_ms_ - clock_.mono_ms();
    if (wait > 0) co_await sleep_for(std::chrono::milliseconds(wait));
    std::vector<Hint> put;
    std::vector<std::string> gone;
    for (auto& [key, hint] : std::exchange(put_, {})) put.push_back(hint);
    for (auto& [key, yes] : std::exchange(gone_, {})) gone.push_back(key);
    const std::uint64_t generation = generation_;
    if (!put.empty() || !gone.empty()) {
      // Recorded before the answer: a removal that comes while this write is on its way must not be forgotten.
      for (const Hint& hint : put) stored_[hint.key()] = stored_size(hint);
      const Result<> written = co_await store_.write(put, gone);
      if (!written) {
        if (failures++ == 0)
          telemetry::warn("update", "the inbox cannot be written; hints are kept in memory and tried again",
                          {{"error", written.error().message}});
        for (Hint& hint : put)
          if (!put_.contains(hint.key()) && !gone_.contains(hint.key())) put_.emplace(hint.key(), std::move(hint));
        for (std::string& key : gone)
          if (!put_.contains(key)) gone_.emplace(std::move(key), true);
        co_await sleep_for(std::chrono::milliseconds(std::min<std::int64_t>(250LL << std::min(failures, 6U), 10'000)));
        continue;
      }
      failures = 0;
      for (const std::string& key : gone)
        if (!put_.contains(key)) stored_.erase(key);
      std::int64_t size = 0;
      for (const auto& [key, bytes] : stored_) size += static_cast<std::int64_t>(bytes);
      next_write_ms_ = clock_.mono_ms() + size * 1000 / bytes_per_second;
    }
    covered_ = generation;
    std::exchange(progress_, std::make_shared<Signal>(executor_))->notify();
  }
  covered_ = generation_;
  std::exchange(progress_, std::make_shared<Signal>(executor_))->notify();
  writing_ = false;
}

Task<Result<>> Inbox::written(std::chrono::milliseconds patience) {
  const std::uint64_t wanted = generation_;
  const std::int64_t until = clock_.mono_ms() + patience.count();
  while (covered_ < wanted) {
    if (put_.empty() && !writing_) break;
    const std::int64_t left = until - clock_.mono_ms();
    if (left <= 0)
      co_return make_error(Code::unavailable, "the inbox could not be written in time; send the webhook again");
    const auto progress = progress_;
    boost::asio::steady_timer limit(executor_, std::chrono::milliseconds(left));
    limit.async_wait([this, progress](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      // The signal is shared and stays notified: those who have patience left need a fresh one.
      if (progress_ == progress) progress_ = std::make_shared<Signal>(executor_);
      progress->notify();
    });
    co_await progress->wait();
  }
  co_return Result<>{};
}

Task<> Inbox::flush() {
  const std::int64_t until = clock_.mono_ms() + 5000;
  next_write_ms_ = 0;
  while ((writing_ || unwritten() != 0) && clock_.mono_ms() < until) {
    start();
    co_await sleep_for(std::chrono::milliseconds(10));
  }
  stopped_ = true;
}

}  // namespace headwind::update
