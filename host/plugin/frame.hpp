// SPDX-License-Identifier: Apache-2.0
// One call into a plugin and everything that it can reach: the hw_call, inputs, outputs, contexts of sinks. The worker
// and the waiter share it, so when a call never returns it simply leaks, together with its thread.
//
//   waiting -worker-> running -worker-> done
//      \-waiter-> dropped  \-waiter-> abandoned      (whoever changes the stage first decides)
#pragma once
#include <headwind/headwind.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/coroutine_local.hpp"
#include "core/result.hpp"
#include "net/http.hpp"
#include "plugin/abi.hpp"
#include "plugin/function.hpp"
#include "plugin/handle.hpp"
#include "plugin/workers.hpp"

namespace headwind::plugin {

class Instance;
struct Waiter;

// How one crossing ended. A fault is the plugin's own: the breaker counts it.
struct Report {
  hw_status status = HW_INTERNAL;
  std::string_view label;  // of the metric: a status, "exception" or "bad_output"
  bool fault = false;
  Error error;  // where status is not HW_OK
  double seconds = 0;
};

class Frame : public std::enable_shared_from_this<Frame> {
 public:
  enum class Stage : std::uint8_t { waiting, running, done, dropped, abandoned };

  // A frame may cross several times in a row, such as once for each object of a page; each has the whole deadline.
  Frame(std::shared_ptr<Instance> instance, Function function, std::size_t crossings = 1);
  virtual ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  Instance& instance() const { return *instance_; }
  Function function() const { return function_; }

  // The waiter's side.
  Stage stage() const { return stage_.load(std::memory_order_acquire); }
  bool drop() { return change(Stage::waiting, Stage::dropped); }
  bool abandon() { return change(Stage::running, Stage::abandoned); }
  // When the present stage has lasted too long, on mono_ms's clock.
  std::int64_t due_ms() const;
  const std::vector<Report>& reports() const { return reports_; }  // once done
  Result<> result(std::size_t crossing = 0) const;                 // once done
  // `error`, saying whose call it was.
  Error in_frame(Error error) const;
  // What is the plugin's own fault, with who it is and the remedy.
  Error fault(const std::string& sentence) const;
  // Words of the plugin, without the secrets of the instance and of this call. Everything that it says passes here.
  std::string blot(std::string_view text) const;
  std::weak_ptr<Waiter> waiter;      // set before the frame is submitted, like the next two
  std::shared_ptr<Workers> workers;  // who runs it
  Lane* lane = nullptr;              // the instance's; may be null
  std::string trace_id;              // of the trace that the call is part of; what is none is not told
  const LocalValue local;            // of the coroutine that made the call: its worker and its requests go on with it

  // The worker's side. False where the call was abandoned meanwhile: its thread has been replaced and must end.
  bool execute();

  // The services' side: any thread of the plugin, while the call lasts.
  // Null where there is no such call, any more.
  static std::shared_ptr<Frame> of(const hw_call* call) { return Handle::frame_of(call); }
  bool cancelled() const;
  std::chrono::milliseconds left() const;
  hw_status fail(const hw_error* error);
  // For registries: the credential of this call, or null; and the host of the repository that it is about, or empty.
  virtual const hw_credential* credential() const { return nullptr; }
  virtual std::string_view registry_host() const { return {}; }
  // How that host, and no other, is spoken to in this call; null: as for everyone.
  virtual std::shared_ptr<const net::TlsSettings> tls() const { return nullptr; }
  // What a service knows about a failure; used where the plugin says nothing itself.
  hw_status note(hw_status status, std::string sentence);
  void forget_note();  // another attempt begins
  // For services that call back into the plugin, which may call a service there, and so on.
  std::atomic<int> depth{0};

  // The sinks' side, on the worker's thread only. What a frame does not ask for is refused.
  virtual hw_status on_text(hw_str) { return reject("the plugin put text where none was asked for"); }
  virtual hw_status on_verdict(std::size_t, std::int32_t, hw_str) {
    return reject("the plugin put a verdict where none was asked for");
  }
  virtual hw_status on_tags(const hw_tags&) { return reject("the plugin put tags where none were asked for"); }
  virtual hw_status on_artifact(const hw_artifact&) {
    return reject("the plugin put an artifact where none was asked for");
  }
  virtual hw_status on_push(const hw_push&) { return reject("the plugin put a push where none was asked for"); }
  virtual hw_status on_platform(hw_str) { return reject("the plugin put a platform where none was asked for"); }
  virtual hw_status on_image(const hw_image&) { return reject("the plugin put an image where none was asked for"); }
  virtual hw_status on_target(const hw_target&) { return reject("the plugin put a target where none was asked for"); }
  // Hands a struct of the plugin to its listener.
  template <class Item>
  hw_status take(const Item* item, hw_status (Frame::*listener)(const Item&)) {
    if (cancelled()) return HW_CANCELLED;
    if (!is_sized(item)) return reject("the plugin put a struct of a wrong size");
    return (this->*listener)(known(*item));
  }
  // This piece is refused, and so is what follows it. A plugin that passes HW_INVALID on has done its part.
  hw_status reject(std::string sentence);
  bool refuses() const { return refuses_.load(std::memory_order_relaxed); }

 protected:
  // Calls the plugin's function. What follows the call in it judges the outputs.
  virtual hw_status enter(const hw_call& call, std::size_t crossing) = 0;
  // While in `enter`: what to lend.
  const Sinks& sinks() const { return handle_->sinks(); }
  // The function returned HW_OK, but with this.
  hw_status bad_output(std::string sentence);

 private:
  bool change(Stage from, Stage to) { return stage_.compare_exchange_strong(from, to, std::memory_order_acq_rel); }
  Report cross(std::size_t crossing);
  bool settle();
  void judge(Report& report);
  Error explain(hw_status status);

  const std::shared_ptr<Instance> instance_;
  const Function function_;
  const std::chrono::milliseconds budget_;
  std::atomic<Stage> stage_{Stage::waiting};
  std::atomic<std::int64_t> since_ms_;  // when the present stage, or crossing, began
  Handle* handle_ = nullptr;            // while it runs
  std::vector<Report> reports_;

  std::atomic<bool> refuses_{false};
  std::mutex mutex_;  // of what follows: a plugin may call services from threads of its own
  std::optional<Error> failure_;
  std::string note_, rejected_, bad_output_;
  hw_status note_status_ = HW_OK;
};

// For views: the call as a part of that trace; empty: of the current span's.
template <class Call>
std::shared_ptr<Call> in_trace(const std::string& trace_id, std::shared_ptr<Call> frame) {
  if (!trace_id.empty()) frame->trace_id = trace_id;
  return frame;
}

}  // namespace headwind::plugin
