// SPDX-License-Identifier: Apache-2.0
// What one instance is lent: its hw_host, the services that its plugin declared under `needs`, and the handles of its
// calls. It is never freed: a plugin that keeps using it after destroy gets nothing, and reaches no freed memory.
//
// credential of an HTTP request: the name of a secret of the instance, or "pull" for the credential of the call, which
// only the repository's own host gets to see. Its value becomes the Authorization header: "Basic ..." and "Bearer ..."
// as they are, "user:password" as Basic, anything else as a Bearer token.
#pragma once
#include <headwind/headwind.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "plugin/blot.hpp"
#include "plugin/handle.hpp"
#include "plugin/log_service.hpp"
#include "plugin/metrics_service.hpp"
#include "plugin/types.hpp"

namespace headwind::plugin {

class Frame;
struct InstanceConfig;
struct Runtime;

class Services {
 public:
  static Services& make(std::shared_ptr<Runtime> runtime, const InstanceConfig& config, const hw_plugin& plugin);
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const hw_host& host() const { return host_; }
  // What the plugin says, without the secrets that it was granted.
  const Blot& blot() const { return blot_; }
  // After destroy: whoever still calls gets nothing.
  void close() { open_ = false; }

  // A handle for a frame that enters the plugin on this thread.
  Handle& lend(Frame& frame);
  void take_back(Handle& handle);
  // The plugin used what it was lent for a call that is over.
  void note_misuse();

 private:
  Services(std::shared_ptr<Runtime> runtime, const InstanceConfig& config, const hw_plugin& plugin);
  static Services& of(const hw_host* host) { return *static_cast<Services*>(host->ctx); }
  static std::int32_t log_enabled(const hw_host* host, std::int32_t level);
  static void log(const hw_host* host, std::int32_t level, hw_str message, const hw_kv* fields, std::size_t count);
  static const void* service(const hw_host* host, const char* id);
  static std::uint32_t define(const hw_host* host, std::int32_t type, hw_str name, hw_str help);
  static void record(const hw_host* host, std::uint32_t id, double value);
  static hw_status read_secret(const hw_call* call, hw_str name, const hw_sink* out);
  bool open() const;
  bool is_needed(std::string_view id) const;

  const std::shared_ptr<Runtime> runtime_;
  const hw_plugin& plugin_;
  const std::string instance_;
  std::atomic<bool> open_{true}, has_misused_{false};
  const Blot blot_;
  LogService log_;
  MetricsService metric_;
  hw_host host_{};
  hw_http http_{};
  hw_metrics metrics_{};
  hw_secrets secrets_{};
  hw_pull pull_{};

  std::mutex mutex_;  // of what follows
  std::deque<Handle*> idle_;
};

// The HTTP service's function.
hw_status exchange(Frame& frame, const hw_call& call, const hw_http_request* request, const hw_http_reply* reply);

}  // namespace headwind::plugin
