// SPDX-License-Identifier: Apache-2.0
// An answer of HTTP on its way from the io thread, where it arrives, to the worker on which its plugin waits.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/http.hpp"
#include "plugin/completions.hpp"
#include "plugin/frame.hpp"

namespace headwind::plugin {

// Held by the waiting worker and by the coroutine that fetches: whichever leaves last frees it.
class HttpReply : public std::enable_shared_from_this<HttpReply> {
 public:
  // Of a body that is handed over while it arrives, this much waits for the worker at most, and one read more.
  static constexpr std::size_t window = 256U << 10U;

  explicit HttpReply(std::shared_ptr<Completions> loop) : loop_(std::move(loop)) {}

  // On the io thread. A piece of the body, the first one with what came before it; false: nobody waits any more.
  bool put(const net::Response& head, std::string_view piece);
  // Returns once less than the window waits, nobody reads any more, or `deadline` has passed.
  Task<> room(std::chrono::steady_clock::time_point deadline);
  // How it ended: the last word.
  void settle(Result<net::Response> answer);

  // On the worker.
  struct Part {
    std::optional<net::Response> head;         // with the first piece; its body is empty
    std::string bytes;                         // pieces, joined
    std::optional<Result<net::Response>> end;  // then nothing comes any more
  };
  // What has arrived since the last call; waits for it. Empty where the call is cancelled first.
  std::optional<Part> next(const Frame& frame);
  // Nobody reads any more.
  void leave() noexcept;

 private:
  struct Sleep;
  void wake();

  const std::shared_ptr<Completions> loop_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  Part part_;
  bool begun_ = false, left_ = false;
  bool sleeping_ = false;   // the io side waits for room
  Sleep* sleep_ = nullptr;  // of the io thread alone
};

}  // namespace headwind::plugin
