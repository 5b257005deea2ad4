// SPDX-License-Identifier: Apache-2.0
// A plugin with its settings: what `create` made of it, who may call it when, and what it was lent.
#pragma once
#include <headwind/headwind.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "plugin/breaker.hpp"
#include "plugin/call_metrics.hpp"
#include "plugin/function.hpp"
#include "plugin/host.hpp"
#include "plugin/journal.hpp"
#include "plugin/runtime.hpp"
#include "plugin/services.hpp"
#include "plugin/struct_size.hpp"
#include "plugin/tally.hpp"
#include "plugin/workers.hpp"

namespace headwind::plugin {

class Frame;

class Instance : public std::enable_shared_from_this<Instance> {
 public:
  // `file` is the plugin's, for sentences.
  Instance(InstanceConfig config, const hw_plugin& plugin, const std::filesystem::path& file,
           std::shared_ptr<Runtime> runtime);
  ~Instance() { services_.close(); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const std::string& name() const { return config_.name; }
  const InstanceConfig& config() const { return config_; }
  const hw_plugin& plugin() const { return plugin_; }
  const std::string& file() const { return file_; }  // its name alone
  std::string remedy() const;                        // of the plugin's own faults: which to mend, "ID (FILE)"
  InstanceInfo describe() const;
  Kind kind() const { return Kind{plugin_.kind}; }
  // Functions that its headers did not have are null.
  template <class Api>
  Api api() const {
    return known(*static_cast<const Api*>(plugin_.api));
  }
  Runtime& runtime() const { return *runtime_; }
  const hw_host& host() const { return services_.host(); }
  Services& services() { return services_; }
  Breaker& breaker() { return breaker_; }
  const Breaker& breaker() const { return breaker_; }
  CallMetrics& metrics() { return metrics_; }
  Tally& tally() { return tally_; }
  const Tally& tally() const { return tally_; }
  std::chrono::milliseconds deadline(Function function) const;

  void* self = nullptr;            // written by the worker that runs `create`, before any other call
  std::atomic<bool> made = false;  // `create` has succeeded: `destroy` is owed

  // Whom the crash journal names, where there is one.
  const Culprit& culprit() const { return culprit_; }
  void set_culprit(const Culprit& culprit) { culprit_ = culprit; }
  // Shown as a metric, too.
  void show_quarantine(bool quarantined);

  // Hands the frame to the right threads. False where there are none.
  bool submit(const std::shared_ptr<Frame>& frame);
  // A frame is through with the plugin, or was dropped before it entered.
  void left(Frame& frame);
  // A call was written off: no other call enters; those that wait are dropped and their waiters woken.
  void write_off(Frame& frame);
  // It is not called for now: Runtime::on_outage hears of that, unless there is no such instance yet or any more.
  void tell_outage() const;
  void came_back();

  std::size_t running() const { return running_.load(); }  // frames submitted and not left
  // Each frame holds it from its making to its end: also one that is not submitted yet. Any thread.
  void hold() { ++held_; }
  void let_go() { --held_; }
  bool is_held() const { return held_.load() != 0; }
  // Another has taken its seat, or nobody: what happens to it is no longer the metrics of that name.
  void retire() { retired_ = true; }
  bool retired() const { return retired_.load(); }
  bool stopping() const {
    return stopping_.load(std::memory_order_relaxed) || runtime_->closed.load(std::memory_order_relaxed);
  }
  void stop() { stopping_ = true; }  // `cancelled` says yes from now on

 private:
  void show_stuck(std::ptrdiff_t change);

  const InstanceConfig config_;
  const hw_plugin& plugin_;
  const std::string file_;
  const std::shared_ptr<Runtime> runtime_;
  Breaker breaker_;
  CallMetrics metrics_;
  Tally tally_;
  Services& services_;
  Culprit culprit_;
  Lane serial_{1}, blocking_;
  std::atomic<std::size_t> running_{0}, held_{0};
  std::atomic<bool> retired_{false};
  std::atomic<bool> stopping_{false};
};

}  // namespace headwind::plugin
