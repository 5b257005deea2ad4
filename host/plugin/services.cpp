// SPDX-License-Identifier: Apache-2.0
#include "plugin/services.hpp"

#include "core/clock.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/instance.hpp"

namespace headwind::plugin {

Services::Services(Instance& instance)
    : instance_(instance),
      log_(instance.runtime().metrics, instance.name(), std::string(view(instance.plugin().id))),
      metric_(instance.runtime().metrics, instance.name(), std::string(view(instance.plugin().id))) {
  host_.struct_size = sizeof host_;
  host_.abi_minor = HW_ABI_MINOR;
  host_.ctx = this;
  host_.version = lend(instance.runtime().version);
  host_.log_enabled = log_enabled;
  host_.log = log;
  host_.unix_ms = [](const hw_host*) { return system_clock().unix_ms(); };
  host_.mono_ms = [](const hw_host*) { return system_clock().mono_ms(); };
  host_.cancelled = [](const hw_call* call) -> std::int32_t {
    const Frame* frame = Frame::of(call);
    return frame == nullptr || frame->cancelled() ? 1 : 0;
  };
  host_.fail = [](const hw_call* call, const hw_error* error) -> hw_status {
    Frame* frame = Frame::of(call);
    return frame == nullptr ? HW_INTERNAL : frame->fail(error);
  };
  host_.service = service;
  http_ = {sizeof http_, 0, exchange};
  metrics_ = {sizeof metrics_, 0, define, record};
  secrets_ = {sizeof secrets_, 0, read_secret};
  pull_ = {sizeof pull_, 0, [](const hw_call* call) -> const hw_credential* {
             const Frame* frame = Frame::of(call);
             return frame == nullptr ? nullptr : frame->credential();
           }};
}

bool Services::open() const { return open_ && !instance_.runtime().closed; }

std::int32_t Services::log_enabled(const hw_host* host, std::int32_t level) {
  return of(host).open() && LogService::enabled(level) ? 1 : 0;
}

void Services::log(const hw_host* host, std::int32_t level, hw_str message, const hw_kv* fields, std::size_t count) {
  if (of(host).open()) of(host).log_.write(level, message, fields, count);
}

bool Services::is_needed(std::string_view id) const {
  for (const char* const* need = instance_.plugin().needs; need != nullptr && *need != nullptr; ++need) {
    if (id == *need) return true;
  }
  return false;
}

const void* Services::service(const hw_host* host, const char* id) {
  Services& services = of(host);
  if (id == nullptr || !services.open() || !services.is_needed(id)) return nullptr;
  const std::string_view name(id);
  if (name == HW_SERVICE_HTTP && services.instance_.runtime().lends_http) return &services.http_;
  if (name == HW_SERVICE_METRICS) return &services.metrics_;
  if (name == HW_SERVICE_SECRETS) return &services.secrets_;
  if (name == HW_SERVICE_PULL && services.instance_.kind() == Kind::registry) return &services.pull_;
  return nullptr;
}

std::uint32_t Services::define(const hw_host* host, std::int32_t type, hw_str name, hw_str help) {
  return of(host).open() ? of(host).metric_.define(type, name, help) : 0;
}

void Services::record(const hw_host* host, std::uint32_t id, double value) {
  if (of(host).open()) of(host).metric_.record(id, value);
}

hw_status Services::read_secret(const hw_call* call, hw_str name, const hw_sink* out) {
  Frame* frame = Frame::of(call);
  if (frame == nullptr || out == nullptr || out->write == nullptr || !is_name(name)) return HW_INVALID;
  const auto& secrets = frame->instance().config().secrets;
  const auto found = secrets.find(std::string(view(name)));
  if (found == secrets.end())
    return frame->note(HW_NOT_FOUND,
                       "its configuration grants no secret named \"" + printable(view(name), HW_MAX_NAME) + "\"");
  return out->write(out->ctx, lend(found->second));
}

}  // namespace headwind::plugin
