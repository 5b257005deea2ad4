// SPDX-License-Identifier: Apache-2.0
#include "plugin/handle.hpp"

#include <algorithm>

#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/services.hpp"

namespace headwind::plugin {
namespace {

// A struct that the plugin puts: not once the call should end, and not where it cannot be read.
template <class Item>
hw_status put(void* ctx, const Item* item, hw_status (Frame::*listener)(const Item&)) {
  return Handle::deliver(ctx, [&](Frame& frame) { return frame.take(item, listener); });
}

}  // namespace

bool refuses(const Frame& frame) { return frame.refuses(); }

Handle::Handle(Services& services, std::uint32_t minor) : services_(services) {
  call.struct_size = lent_size<hw_call>(minor);
  call.host = &services.host();
  call.ctx = this;
  sinks_.text = {
      this, [](void* ctx, hw_str chunk) { return deliver(ctx, [&](Frame& frame) { return frame.on_text(chunk); }); }};
  sinks_.verdicts = {lent_size<hw_verdict_sink>(minor), 0, this,
                     [](void* ctx, std::size_t row, std::int32_t verdict, hw_str reason) {
                       return deliver(ctx, [&](Frame& frame) { return frame.on_verdict(row, verdict, reason); });
                     }};
  sinks_.registry = {lent_size<hw_registry_sink>(minor),
                     0,
                     this,
                     [](void* ctx, const hw_tags* page) { return put(ctx, page, &Frame::on_tags); },
                     [](void* ctx, const hw_artifact* artifact) { return put(ctx, artifact, &Frame::on_artifact); },
                     [](void* ctx, const hw_push* push) { return put(ctx, push, &Frame::on_push); },
                     [](void* ctx, hw_str platform) {
                       return deliver(ctx, [&](Frame& frame) {
                         return frame.cancelled() ? HW_CANCELLED : frame.on_platform(platform);
                       });
                     }};
  sinks_.images = {lent_size<hw_image_sink>(minor), 0, this,
                   [](void* ctx, const hw_image* image) { return put(ctx, image, &Frame::on_image); }};
  sinks_.targets = {lent_size<hw_target_sink>(minor), 0, this,
                    [](void* ctx, const hw_target* target) { return put(ctx, target, &Frame::on_target); }};
}

void Handle::set_trace_id(std::string_view id) {
  const bool is_one = id.size() == trace_id_.size() &&
                      id.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
                      id.find_first_not_of('0') != std::string_view::npos;
  if (is_one) std::ranges::copy(id, trace_id_.begin());
  call.trace_id = is_one ? lend({trace_id_.data(), trace_id_.size()}) : hw_str{};
}

void Handle::open(Frame& frame) {
  {
    const std::lock_guard lock(mutex_);
    frame_ = &frame;
  }
  thread_ = std::this_thread::get_id();
}

void Handle::close() {
  thread_ = std::thread::id();
  const std::lock_guard lock(mutex_);
  frame_ = nullptr;
}

std::shared_ptr<Frame> Handle::frame_of(const hw_call* call) {
  if (call == nullptr || call->ctx == nullptr) return nullptr;
  auto& handle = *static_cast<Handle*>(call->ctx);
  // The usual case costs no lock: the frame lives at least as long as the call that this thread is in.
  if (handle.thread_.load(std::memory_order_relaxed) == std::this_thread::get_id())
    return std::shared_ptr<Frame>(std::shared_ptr<void>(), handle.frame_);
  std::shared_ptr<Frame> frame;
  {
    const std::lock_guard lock(handle.mutex_);
    if (handle.frame_ != nullptr) frame = handle.frame_->shared_from_this();
  }
  if (frame == nullptr) handle.services_.note_misuse();
  return frame;
}

hw_status Handle::refuse() {
  const std::lock_guard lock(mutex_);
  if (frame_ != nullptr)
    return frame_->reject("the plugin put a result from a thread other than the one that it was called on");
  services_.note_misuse();
  return HW_INVALID;
}

}  // namespace headwind::plugin
