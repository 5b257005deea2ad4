// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/this_coro.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "update/signal.hpp"

namespace headwind::app {

// What is read by name and may change behind our back: read once for all who ask at the same time, then remembered for
// a while. A failure is remembered for two seconds, so that a thousand askers are not a thousand reads. One thread;
// must outlive its reads.
template <class T>
class ReadCache {
 public:
  using Read = std::function<Task<Result<T>>(std::string name)>;
  using Value = Result<std::shared_ptr<const T>>;

  ReadCache(const Clock& clock, std::chrono::milliseconds lifetime, Read read)
      : clock_(clock), lifetime_(lifetime), read_(std::move(read)) {}

  // `since_ms` (steady clock): what was read before that is read again.
  Task<Value> get(std::string name, std::int64_t since_ms = 0) {
    for (;;) {
      const auto found = entries_.find(name);
      if (found == entries_.end()) break;
      if (found->second.reading != nullptr) {
        const std::shared_ptr<Reading> reading = found->second.reading;
        const bool soon_enough = reading->began_ms >= since_ms;
        co_await reading->wait();
        if (soon_enough && reading->value) co_return *reading->value;
        continue;
      }
      if (found->second.read_ms < since_ms || clock_.mono_ms() >= found->second.until_ms) break;
      co_return found->second.value;
    }
    const auto reading = std::make_shared<Reading>(co_await boost::asio::this_coro::executor, clock_.mono_ms());
    if (entries_.size() >= most) forget_settled();
    entries_[name].reading = reading;
    std::optional<Result<T>> read;
    try {
      read = co_await read_(name);
    } catch (...) {  // a bug; those who wait for it must not do so for ever
      entries_.erase(name);
      reading->wake();
      throw;
    }
    Result<T> answer = std::move(*read);
    Value value = answer ? Value(std::make_shared<const T>(std::move(*answer))) : Value(answer.error());
    const std::int64_t now = clock_.mono_ms();
    const auto lifetime = value ? lifetime_ : std::chrono::milliseconds(2'000);
    entries_[name] = Entry{value, reading->began_ms, now + lifetime.count(), nullptr};
    reading->value = value;
    reading->wake();
    co_return value;
  }

 private:
  static constexpr std::size_t most = 8192;

  struct Reading {  // under way; those who wait for it hold it
    Reading(Executor executor, std::int64_t now_ms) : began_ms(now_ms), executor_(std::move(executor)) {}
    Task<> wait() {
      const auto signal = std::make_shared<update::Signal>(executor_);
      waiting_.push_back(signal);
      co_await signal->wait();
    }
    void wake() {
      for (const auto& signal : waiting_) signal->notify();
    }
    std::int64_t began_ms;
    std::optional<Value> value;

   private:
    Executor executor_;
    std::vector<std::shared_ptr<update::Signal>> waiting_;
  };
  struct Entry {
    Value value = std::shared_ptr<const T>();
    std::int64_t read_ms = 0, until_ms = 0;
    std::shared_ptr<Reading> reading;  // null: settled
  };
  void forget_settled() {
    std::erase_if(entries_, [](const auto& entry) { return entry.second.reading == nullptr; });
  }

  const Clock& clock_;
  std::chrono::milliseconds lifetime_;
  Read read_;
  std::map<std::string, Entry> entries_;
};

}  // namespace headwind::app
