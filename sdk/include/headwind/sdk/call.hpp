// SPDX-License-Identifier: Apache-2.0
// hw::call, the first argument of every plugin function, and hw::host, which it leads to: log, clocks, services.
#pragma once
#include <headwind/host.h>
#include <headwind/sdk/error.hpp>
#include <headwind/sdk/text.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

enum class level : std::int32_t { debug = HW_LOG_DEBUG, info = HW_LOG_INFO, warn = HW_LOG_WARN, error = HW_LOG_ERROR };

// One field of a log line: {"repository", name} or {"status", 503}.
struct field {
  field(std::string_view name, std::string_view text) : key(name), value(text) {}
  field(std::string_view name, const char* text) : key(name), value(text) {}
  field(std::string_view name, const std::string& text) : key(name), value(text) {}
  field(std::string_view name, bool yes) : key(name), value(yes ? "true" : "false") {}
  template <class Number>
    requires(std::integral<Number> || std::floating_point<Number>)
  field(std::string_view name, Number number) : key(name), value(std::to_string(number)) {}

  std::string_view key;
  std::string value;
};

// The services of one instance. Cheap to copy; a plugin may keep a copy from its constructor until its destructor.
class host {
 public:
  explicit host(const hw_host* raw) : raw_(raw) {}
  const hw_host* raw() const { return raw_; }

  std::string_view version() const { return view(raw_->version); }  // "headwind/1.4.2", good for a User-Agent
  bool enabled(level at) const { return raw_->log_enabled(raw_, static_cast<std::int32_t>(at)) != 0; }

  // The message is constant, what varies is a field: host.warn("no answer", {{"peer", name}, {"attempt", 3}});
  void log(level at, std::string_view message, std::initializer_list<field> fields = {}) const {
    if (!enabled(at)) return;
    std::vector<hw_kv> rows;
    rows.reserve(fields.size());
    for (const field& one : fields) rows.push_back({str(one.key), str(one.value)});
    raw_->log(raw_, static_cast<std::int32_t>(at), str(message), rows.data(), rows.size());
  }
  void debug(std::string_view message, std::initializer_list<field> fields = {}) const {
    log(level::debug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<field> fields = {}) const {
    log(level::info, message, fields);
  }
  void warn(std::string_view message, std::initializer_list<field> fields = {}) const {
    log(level::warn, message, fields);
  }
  void error(std::string_view message, std::initializer_list<field> fields = {}) const {
    log(level::error, message, fields);
  }

  // Take the time from here, not from the system, and tests can set it.
  std::chrono::milliseconds unix_time() const { return std::chrono::milliseconds(raw_->unix_ms(raw_)); }
  std::chrono::milliseconds steady_time() const { return std::chrono::milliseconds(raw_->mono_ms(raw_)); }

  // A service by its id, or nullptr where it does not exist or was not granted. http.hpp and services.hpp wrap those
  // that we know; this is for others.
  template <class Service>
  const Service* find(const char* id) const {
    return static_cast<const Service*>(raw_->service(raw_, id));
  }
  // The same, or an error that says what to do. The plugin lists the id in `needs`, and the operator grants it.
  template <class Service>
  const Service* require(const char* id) const {
    const Service* service = find<Service>(id);
    if (!service)
      throw hw::error(code::unsupported, std::string("the service ") + id + " is not granted to this instance");
    return service;
  }

 private:
  const hw_host* raw_;
};

// One call into the plugin. Do not keep it.
class call {
 public:
  explicit call(const hw_call* raw) : raw_(raw) {}
  call(const call&) = delete;
  call& operator=(const call&) = delete;
  const hw_call* raw() const { return raw_; }

  hw::host host() const { return hw::host(raw_->host); }
  bool dry_run() const { return (raw_->flags & HW_CALL_DRY_RUN) != 0; }  // look, but change nothing outside
  std::string_view trace_id() const { return view(raw_->trace_id); }     // W3C trace id; or empty

  std::chrono::milliseconds remaining() const {
    return std::chrono::milliseconds(raw_->deadline_ms) - host().steady_time();
  }
  // True once the call should come to an end. Host services notice by themselves; a long loop asks now and then.
  bool cancelled() const { return raw_->host->cancelled(raw_) != 0; }
  void check() const {
    if (cancelled()) throw error(code::cancelled, "the call was cancelled or ran out of time");
  }

 private:
  const hw_call* raw_;
};

// The same call with a deadline of its own, `longest` from now and never after the call's: for one step of several,
// lent to services in the call's stead. It must not outlive the call.
class sooner_call : public call {
 public:
  sooner_call(const call& whole, std::chrono::milliseconds longest) : call(&copy_), copy_() {
    // The host's struct may be shorter or longer than ours: what one of us does not know is not there.
    const std::uint32_t size = std::min<std::uint32_t>(whole.raw()->struct_size, sizeof copy_);
    std::memcpy(&copy_, whole.raw(), size);
    copy_.struct_size = size;
    copy_.deadline_ms = std::min<std::int64_t>(copy_.deadline_ms, (host().steady_time() + longest).count());
  }

 private:
  hw_call copy_;
};

}  // namespace hw
