// SPDX-License-Identifier: Apache-2.0
// The host of testing.hpp, and an instance of a plugin on it. It is for one thread. A service is granted by setting
// what it serves: http, secrets, pull_granted, metrics_granted; and, as in the operator, only where the plugin needs
// it.
#pragma once
#include <dlfcn.h>
#include <headwind/plugin.h>
#include <headwind/sdk/http.hpp>
#include <headwind/sdk/services.hpp>

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hw::testing {

struct failure {
  hw_status code;
  bool retryable;
  std::int64_t retry_after_ms;
  std::string message;
};
struct log_line {
  level at;
  std::string message;
  header_list fields;
};

class fake_host {
 public:
  std::function<http_response(const http_request&)> http;  // throw hw::error to give no answer
  std::optional<std::map<std::string, std::string>> secrets;
  bool metrics_granted = false;
  bool pull_granted = true;
  std::optional<hw::credential> credential;  // of the next calls; its texts must outlive them
  std::int64_t unix_ms = 1'700'000'000'000, mono_ms = 1'000, deadline_ms = 31'000;
  bool cancelled = false, dry_run = false;
  bool breaks_off = false;  // every answer, after the first half of its body: code::unavailable

  std::vector<failure> failures;  // one per call at most, if the plugin is right
  std::vector<log_line> logs;
  std::vector<http_request> requests;
  std::map<std::string, double> metrics;  // the last value or the sum, by name

  fake_host() = default;
  fake_host(const fake_host&) = delete;
  fake_host& operator=(const fake_host&) = delete;

  // Grants the secret `name`. Given again, it has been rotated.
  void grant(const std::string& name, const std::string& text) {
    if (!secrets) secrets.emplace();
    (*secrets)[name] = text;
  }

  // The call to hand to a plugin function; good until the next one is asked for.
  const hw_call* call() {
    call_.flags = dry_run ? std::uint32_t{HW_CALL_DRY_RUN} : 0;
    call_.deadline_ms = deadline_ms;
    return &call_;
  }

 private:
  friend class instance;
  static fake_host& of(const hw_host* host) { return *static_cast<fake_host*>(host->ctx); }
  static fake_host& of(const hw_call* call) { return of(call->host); }

  static void log_to(const hw_host* host, std::int32_t at, hw_str message, const hw_kv* fields, std::size_t count) {
    log_line line{static_cast<level>(at), std::string(view(message)), {}};
    for (std::size_t i = 0; i < count; ++i) line.fields.emplace_back(view(fields[i].key), view(fields[i].value));
    of(host).logs.push_back(std::move(line));
  }
  static hw_status fail_to(const hw_call* call, const hw_error* error) {
    of(call).failures.push_back(
        {error->code, error->retryable != 0, error->retry_after_ms, std::string(view(error->message))});
    return error->code;
  }
  static const void* find_service(const hw_host* host, const char* id) {
    const fake_host& self = of(host);
    const std::string_view name = id;
    if (self.creates_ && !is_needed(*self.creates_, name)) return nullptr;
    if (name == HW_SERVICE_HTTP && self.http) return &self.http_;
    if (name == HW_SERVICE_SECRETS && self.secrets) return &self.secrets_;
    if (name == HW_SERVICE_METRICS && self.metrics_granted) return &self.metrics_;
    if (name == HW_SERVICE_PULL && self.pull_granted) return &self.pull_;
    return nullptr;
  }
  static bool is_needed(const hw_plugin& plugin, std::string_view id) {
    for (const char* const* need = plugin.needs; need && *need; ++need) {
      if (id == *need) return true;
    }
    return false;
  }
  static hw_status exchange(const hw_call* call, const hw_http_request* raw, const hw_http_reply* reply) {
    fake_host& self = of(call);
    http_request request{std::string(view(raw->method)), std::string(view(raw->url)),        {},
                         std::string(view(raw->body)),   std::string(view(raw->credential)), raw->max_body};
    for (std::size_t i = 0; i < raw->header_count; ++i) {
      request.headers.emplace_back(view(raw->headers[i].key), view(raw->headers[i].value));
    }
    self.requests.push_back(request);
    if (!request.credential.empty() && request.credential != "pull" &&
        !(self.secrets && self.secrets->contains(request.credential)))
      return HW_DENIED;
    try {
      const http_response response = self.http(request);
      std::vector<hw_kv> rows;
      for (const auto& [key, value] : response.headers) rows.push_back({str(key), str(value)});
      if (reply->head) {
        if (const hw_status status = reply->head(reply->ctx, response.status, rows.data(), rows.size());
            status != HW_OK)
          return status;
      }
      if (!reply->body) return self.breaks_off ? HW_UNAVAILABLE : HW_OK;
      const std::size_t half = response.body.size() / 2;  // two chunks, so that nobody relies on one
      for (const auto chunk :
           {std::string_view(response.body).substr(0, half), std::string_view(response.body).substr(half)}) {
        if (const hw_status status = reply->body(reply->ctx, str(chunk)); status != HW_OK) return status;
        if (self.breaks_off) return HW_UNAVAILABLE;
      }
      return HW_OK;
    } catch (const error& failure) {
      return static_cast<hw_status>(failure.code());
    }
  }
  static hw_status read_secret(const hw_call* call, hw_str name, const hw_sink* out) {
    const auto found = of(call).secrets->find(std::string(view(name)));
    return found == of(call).secrets->end() ? hw_status{HW_NOT_FOUND} : out->write(out->ctx, str(found->second));
  }
  static const hw_credential* find_credential(const hw_call* call) {
    fake_host& self = of(call);
    if (!self.credential) return nullptr;
    const hw::credential& given = *self.credential;
    self.lent_ = {sizeof(hw_credential),    0,
                  str(given.identity),      str(given.username),
                  str(given.password),      str(given.identity_token),
                  str(given.registry_token)};
    return &self.lent_;
  }
  static std::uint32_t define(const hw_host* host, std::int32_t type, hw_str name, hw_str) {
    fake_host& self = of(host);
    self.metrics.emplace(view(name), 0.0);
    self.defined_.emplace_back(type, view(name));
    return static_cast<std::uint32_t>(self.defined_.size());
  }
  static void record(const hw_host* host, std::uint32_t id, double value) {
    fake_host& self = of(host);
    if (id == 0 || id > self.defined_.size()) return;
    const auto& [type, name] = self.defined_[id - 1];
    self.metrics[name] = type == HW_COUNTER ? self.metrics[name] + value : value;
  }

  const hw_plugin* creates_ = nullptr;  // the plugin of which an instance is being made
  std::vector<std::pair<std::int32_t, std::string>> defined_;
  hw_http http_{sizeof(hw_http), 0, &exchange};
  hw_secrets secrets_{sizeof(hw_secrets), 0, &read_secret};
  hw_metrics metrics_{sizeof(hw_metrics), 0, &define, &record};
  hw_pull pull_{sizeof(hw_pull), 0, &find_credential};
  hw_credential lent_{};
  hw_host host_{sizeof(hw_host),
                HW_ABI_MINOR,
                this,
                HW_LITERAL("headwind/test"),
                [](const hw_host*, std::int32_t) -> std::int32_t { return 1; },
                &log_to,
                [](const hw_host* host) { return of(host).unix_ms; },
                [](const hw_host* host) { return of(host).mono_ms; },
                [](const hw_call* call) -> std::int32_t { return of(call).cancelled ? 1 : 0; },
                &fail_to,
                &find_service};
  hw_call call_{sizeof(hw_call), 0, &host_, this, 0, {}};
};

// For fake_host::http: one answer after the other, the last for all that follow.
class answers {
 public:
  answers(std::initializer_list<http_response> list) : list_(list) {}
  http_response operator()(const http_request&) {
    if (list_.empty()) throw error(code::unavailable, "no answer is scripted");
    return next_ < list_.size() ? list_[next_++] : list_.back();
  }

 private:
  std::vector<http_response> list_;
  std::size_t next_ = 0;
};

// Opens a shared object, for good, and returns its description; throws std::runtime_error where it cannot.
inline const hw_module* load(const std::string& file) {
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) throw std::runtime_error(dlerror());
  const auto entry = reinterpret_cast<hw_entry_fn>(dlsym(handle, "hw_entry_v1"));
  if (!entry) throw std::runtime_error(file + " has no hw_entry_v1");
  return entry();
}

// One instance of a module's plugin (the first, unless `id` names another), destroyed in the end. A test that is linked
// with the plugin's sources gives hw_entry_v1() for the module.
class instance {
 public:
  instance(fake_host& host, const hw_module* module, std::string_view settings = "{}", std::string_view id = {}) {
    for (std::uint32_t i = 0; i < module->plugin_count && !plugin_; ++i) {
      if (id.empty() || view(module->plugins[i]->id) == id) plugin_ = module->plugins[i];
    }
    if (!plugin_) throw std::runtime_error("the module has no plugin " + std::string(id));
    const std::string lent(settings);  // gone after the call
    host.creates_ = plugin_;
    status_ = plugin_->create(host.call(), plugin_, str(lent), &self_);
    host.creates_ = nullptr;
  }
  ~instance() {
    if (status_ == HW_OK) plugin_->destroy(self_);
  }
  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;

  hw_status status() const { return status_; }  // of create
  void* self() const { return self_; }
  const hw_plugin* plugin() const { return plugin_; }
  template <class Api>
  const Api* api() const {
    return static_cast<const Api*>(plugin_->api);
  }

 private:
  const hw_plugin* plugin_ = nullptr;
  hw_status status_ = HW_INTERNAL;
  void* self_ = nullptr;
};

}  // namespace hw::testing
