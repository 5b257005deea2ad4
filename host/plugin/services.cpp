// SPDX-License-Identifier: Apache-2.0
#include "plugin/services.hpp"

#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/instance.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kIdleHandles = 16;  // so many calls later is a handle used again, or more
constexpr int kDeepest = 8;               // services within callbacks of services

// Out of reach of destructors, and in sight of leak checkers.
template <class Kept>
Kept& keep(Kept* kept) {
  static std::mutex mutex;
  static auto* const all = new std::vector<Kept*>;
  const std::lock_guard lock(mutex);
  all->push_back(kept);
  return *kept;
}

class Nesting {
 public:
  explicit Nesting(Frame& frame) : frame_(frame), depth_(++frame.depth) {}
  ~Nesting() { --frame_.depth; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  bool too_deep() const { return depth_ > kDeepest; }

 private:
  Frame& frame_;
  const int depth_;
};

// Services that call back: bounded, where the plugin calls the service again from there.
template <class Service>
hw_status enter(const hw_call* call, Service service) {
  const std::shared_ptr<Frame> frame = Frame::of(call);
  if (frame == nullptr) return HW_INVALID;
  const Nesting nesting(*frame);
  if (nesting.too_deep())
    return frame->note(HW_INVALID, "it called a service from within the answer of a service more than " +
                                       std::to_string(kDeepest) + " times over");
  return service(*frame);
}

}  // namespace

Services& Services::make(std::shared_ptr<Runtime> runtime, const InstanceConfig& config, const hw_plugin& plugin) {
  return keep(new Services(std::move(runtime), config, plugin));
}

Services::Services(std::shared_ptr<Runtime> runtime, const InstanceConfig& config, const hw_plugin& plugin)
    : runtime_(std::move(runtime)),
      plugin_(plugin),
      instance_(config.name),
      blot_(config.secrets),
      log_(runtime_->metrics, config.name, std::string(view(plugin.id)), blot_),
      metric_(runtime_->metrics, config.name, std::string(view(plugin.id))) {
  const std::uint32_t minor = runtime_->abi_minor;
  host_.struct_size = lent_size<hw_host>(minor);
  host_.abi_minor = minor;
  host_.ctx = this;
  host_.version = plugin::lend(runtime_->version);
  host_.log_enabled = log_enabled;
  host_.log = log;
  host_.unix_ms = [](const hw_host*) { return system_clock().unix_ms(); };
  host_.mono_ms = [](const hw_host*) { return system_clock().mono_ms(); };
  host_.cancelled = [](const hw_call* call) -> std::int32_t {
    const std::shared_ptr<Frame> frame = Frame::of(call);
    return frame == nullptr || frame->cancelled() ? 1 : 0;
  };
  host_.fail = [](const hw_call* call, const hw_error* error) -> hw_status {
    const std::shared_ptr<Frame> frame = Frame::of(call);
    return frame == nullptr ? HW_INTERNAL : frame->fail(error);
  };
  host_.service = service;
  http_ = {lent_size<hw_http>(minor), 0,
           [](const hw_call* call, const hw_http_request* request, const hw_http_reply* reply) {
             return enter(call, [&](Frame& frame) { return exchange(frame, *call, request, reply); });
           }};
  metrics_ = {lent_size<hw_metrics>(minor), 0, define, record};
  secrets_ = {lent_size<hw_secrets>(minor), 0, read_secret};
  pull_ = {lent_size<hw_pull>(minor), 0, [](const hw_call* call) -> const hw_credential* {
             const std::shared_ptr<Frame> frame = Frame::of(call);
             return frame == nullptr ? nullptr : frame->credential();
           }};
}

bool Services::open() const { return open_ && !runtime_->closed; }

std::int32_t Services::log_enabled(const hw_host* host, std::int32_t level) {
  return of(host).open() && LogService::enabled(level) ? 1 : 0;
}

void Services::log(const hw_host* host, std::int32_t level, hw_str message, const hw_kv* fields, std::size_t count) {
  if (of(host).open()) of(host).log_.write(level, message, fields, count);
}

bool Services::is_needed(std::string_view id) const {
  for (const char* const* need = plugin_.needs; need != nullptr && *need != nullptr; ++need) {
    if (id == *need) return true;
  }
  return false;
}

const void* Services::service(const hw_host* host, const char* id) {
  Services& services = of(host);
  if (id == nullptr || !services.open() || !services.is_needed(id)) return nullptr;
  const std::string_view name(id);
  if (name == HW_SERVICE_HTTP && services.runtime_->lends_http) return &services.http_;
  if (name == HW_SERVICE_METRICS) return &services.metrics_;
  if (name == HW_SERVICE_SECRETS) return &services.secrets_;
  if (name == HW_SERVICE_PULL && services.plugin_.kind == HW_KIND_REGISTRY) return &services.pull_;
  return nullptr;
}

std::uint32_t Services::define(const hw_host* host, std::int32_t type, hw_str name, hw_str help) {
  return of(host).open() ? of(host).metric_.define(type, name, help) : 0;
}

void Services::record(const hw_host* host, std::uint32_t id, double value) {
  if (of(host).open()) of(host).metric_.record(id, value);
}

hw_status Services::read_secret(const hw_call* call, hw_str name, const hw_sink* out) {
  if (out == nullptr || out->write == nullptr || !is_name(name)) return HW_INVALID;
  return enter(call, [&](Frame& frame) {
    const auto& secrets = frame.instance().config().secrets;
    const auto found = secrets.find(std::string(view(name)));
    if (found == secrets.end())
      return frame.note(HW_NOT_FOUND,
                        "its configuration grants no secret named \"" + printable(view(name), HW_MAX_NAME) + "\"");
    return out->write(out->ctx, plugin::lend(found->second));
  });
}

Handle& Services::lend(Frame& frame) {
  Handle* handle = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (idle_.size() >= kIdleHandles) {
      handle = idle_.front();
      idle_.pop_front();
    }
  }
  if (handle == nullptr) handle = &keep(new Handle(*this, runtime_->abi_minor));
  handle->open(frame);
  return *handle;
}

void Services::take_back(Handle& handle) {
  handle.close();
  const std::lock_guard lock(mutex_);
  idle_.push_back(&handle);
}

void Services::note_misuse() {
  if (!open()) return;
  runtime_->metrics
      .counter("headwind_plugin_misuses_total", "Uses, by plugins, of what they were lent for a call that was over.",
               {{"instance", instance_}})
      .add();
  if (!has_misused_.exchange(true))
    telemetry::warn("plugin", "a plugin uses what it was lent for a call that is over; nothing comes of it",
                    {{"instance", instance_}, {"plugin", view(plugin_.id)}});
}

}  // namespace headwind::plugin
