// SPDX-License-Identifier: Apache-2.0
// What a plugin gets to hold while it is called: the hw_call and the sinks. A handle is never freed, so a plugin that
// keeps such a pointer for longer than it may reaches this, which knows that the call is over, and not freed memory.
#pragma once
#include <headwind/headwind.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

namespace headwind::plugin {

class Frame;
class Services;
bool refuses(const Frame& frame);  // something was refused: so is the rest

struct Sinks {  // all of them lead to the listeners of the frame (Frame::on_text and so on)
  hw_sink text{};
  hw_verdict_sink verdicts{};
  hw_registry_sink registry{};
  hw_image_sink images{};
  hw_target_sink targets{};
};

class Handle {
 public:
  // `minor`: that plugins are told.
  Handle(Services& services, std::uint32_t minor);
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  hw_call call{};
  const Sinks& sinks() const { return sinks_; }

  // By the worker: `frame` crosses now, on this thread; and then no longer.
  void open(Frame& frame);
  void close();
  // What `call` tells of the trace; the text lies here, since a plugin may look at a call that is over.
  void set_trace_id(std::string_view id);

  // The frame of a call, from any thread of the plugin; null where the call is over.
  static std::shared_ptr<Frame> frame_of(const hw_call* call);
  // For sinks: results are taken on the thread that the plugin was called on, while the call lasts.
  template <class Listener>
  static hw_status deliver(void* ctx, Listener listener) {
    auto& handle = *static_cast<Handle*>(ctx);
    if (handle.thread_.load(std::memory_order_relaxed) != std::this_thread::get_id()) return handle.refuse();
    return refuses(*handle.frame_) ? HW_INVALID : listener(*handle.frame_);
  }

 private:
  hw_status refuse();

  Services& services_;
  Sinks sinks_;
  std::array<char, 32> trace_id_{};
  std::atomic<std::thread::id> thread_{};  // that is inside
  std::mutex mutex_;                       // of frame_, where another thread looks at it
  Frame* frame_ = nullptr;
};

}  // namespace headwind::plugin
