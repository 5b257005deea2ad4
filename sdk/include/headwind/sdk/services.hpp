// SPDX-License-Identifier: Apache-2.0
// Secrets, pull credentials and metrics. Each is made in the plugin's constructor from its call, and needs its id in
// `needs`: HW_SERVICE_SECRETS, HW_SERVICE_PULL, HW_SERVICE_METRICS.
#pragma once
#include <headwind/sdk/call.hpp>

#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace hw {

namespace detail {
// A hw_sink that appends to a string.
struct string_sink {
  std::string text;
  std::exception_ptr failure;

  hw_sink raw() { return {this, &string_sink::write}; }
  static hw_status write(void* ctx, hw_str chunk) noexcept {
    auto& self = *static_cast<string_sink*>(ctx);
    try {
      self.text.append(view(chunk));
      return HW_OK;
    } catch (...) {
      self.failure = std::current_exception();
      return HW_INTERNAL;
    }
  }
  std::string take(hw_status status, const std::string& what) {
    if (failure) std::rethrow_exception(failure);
    if (status == HW_OK) return std::move(text);
    const hw::code why = status < 0 || status > HW_INTERNAL ? code::internal : static_cast<hw::code>(status);
    throw service_error(why, what + " could not be read: " + std::string(to_string(why)));
  }
};
}  // namespace detail

// Secrets by the names that the instance's configuration grants. Read them when needed, they may rotate.
class secrets {
 public:
  explicit secrets(const call& create_call) : service_(create_call.host().require<hw_secrets>(HW_SERVICE_SECRETS)) {}
  std::string read(const call& current, std::string_view name) const {
    detail::string_sink sink;
    const hw_sink raw = sink.raw();
    const hw_status status = service_->read(current.raw(), str(name), &raw);
    return sink.take(status, "secret " + std::string(name));
  }

 private:
  const hw_secrets* service_;
};

// The credential on whose behalf a repository is to be read. The texts are lent until the call returns.
struct credential {
  std::string_view identity;  // for keys of caches and for logs
  std::string_view username, password, identity_token, registry_token;
};

class pull {
 public:
  explicit pull(const call& create_call) : service_(create_call.host().require<hw_pull>(HW_SERVICE_PULL)) {}
  // Nothing where none was found: the plugin's own settings apply, or nobody's name.
  std::optional<hw::credential> credential(const call& current) const {
    const hw_credential* found = service_->credential(current.raw());
    if (found == nullptr) return std::nullopt;
    return hw::credential{view(found->identity), view(found->username), view(found->password),
                          view(found->identity_token), view(found->registry_token)};
  }

 private:
  const hw_pull* service_;
};

// One metric of the instance. Where the host has no metrics, or refused this one, add() does nothing.
class metric {
 public:
  enum class kind : std::int32_t { counter = HW_COUNTER, gauge = HW_GAUGE, histogram = HW_HISTOGRAM };
  metric(const call& create_call, kind type, std::string_view name, std::string_view help)
      : host_(create_call.host()), service_(host_.find<hw_metrics>(HW_SERVICE_METRICS)) {
    if (service_) id_ = service_->define(host_.raw(), static_cast<std::int32_t>(type), str(name), str(help));
  }
  // Adds to a counter, sets a gauge, observes in a histogram.
  void add(double value = 1) const {
    if (service_ && id_ != 0) service_->record(host_.raw(), id_, value);
  }

 private:
  hw::host host_;
  const hw_metrics* service_;
  std::uint32_t id_ = 0;
};

}  // namespace hw
