// SPDX-License-Identifier: Apache-2.0
#include "conformance/test_host.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "conformance/finding.hpp"
#include "conformance/local_peer.hpp"
#include "conformance/visit.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

using plugin::is_name;
using plugin::is_sized;
using plugin::is_text;
using plugin::view;

constexpr std::size_t kMaxNoted = 20, kMaxMetrics = 64, kMaxFields = 32, kShortestSecret = 6;

void note(std::vector<std::string>& list, std::string sentence) {
  if (list.size() < kMaxNoted && std::ranges::find(list, core_of(sentence), core_of) == list.end())
    list.push_back(std::move(sentence));
}

bool is_metric_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && (name.front() < '0' || name.front() > '9') &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool is_known_service(std::string_view id) {
  return id == HW_SERVICE_HTTP || id == HW_SERVICE_METRICS || id == HW_SERVICE_SECRETS || id == HW_SERVICE_PULL;
}

}  // namespace

TestHost::TestHost(const hw_plugin& plugin, Grants grants, TakenBack afterwards)
    : plugin_(plugin), grants_(std::move(grants)), afterwards_(afterwards), memory_(afterwards) {
  hw_host host{};
  host.struct_size = sizeof host;
  host.abi_minor = HW_ABI_MINOR;
  host.ctx = this;
  host.version = memory_.text("headwind/check");
  host.log_enabled = [](const hw_host*, std::int32_t) -> std::int32_t { return 1; };
  host.log = log;
  host.unix_ms = [](const hw_host*) { return system_clock().unix_ms(); };
  host.mono_ms = [](const hw_host*) { return system_clock().mono_ms(); };
  host.cancelled = [](const hw_call* call) -> std::int32_t {
    const Visit* visit = Visit::of(call);
    return visit == nullptr || visit->over() ? 1 : 0;
  };
  host.fail = fail;
  host.service = find_service;
  host_ = memory_.one(host);
  http_ = memory_.one(hw_http{sizeof(hw_http), 0, exchange});
  metrics_ = memory_.one(hw_metrics{sizeof(hw_metrics), 0, define, record});
  secrets_ = memory_.one(hw_secrets{sizeof(hw_secrets), 0, read_secret});
  pull_ = memory_.one(hw_pull{sizeof(hw_pull), 0, credential});
  credential_ = memory_.one(hw_credential{sizeof(hw_credential), 0, memory_.text("check"), memory_.text("check"),
                                          memory_.text(std::string(kCanary) + "-password"), hw_str{}, hw_str{}});
  if (grants_.local != nullptr)
    local_url_ = grants_.local->add([this](const Request& request) { return reply_to(request); });
}

TestHost::~TestHost() {
  if (grants_.local != nullptr) grants_.local->remove(local_url_);
}

void TestHost::set_peer(Peer peer) {
  const std::lock_guard lock(mutex_);
  peer_ = std::move(peer);
}

std::string TestHost::logged_error() const {
  const std::lock_guard lock(mutex_);
  return logged_error_;
}

void TestHost::note_breach(std::string sentence) {
  const std::lock_guard lock(mutex_);
  note(breaches_, std::move(sentence));
}

void TestHost::note_remark(std::string sentence) {
  const std::lock_guard lock(mutex_);
  note(remarks_, std::move(sentence));
}

std::vector<std::string> TestHost::breaches() const {
  const std::lock_guard lock(mutex_);
  return breaches_;
}

std::vector<std::string> TestHost::remarks() const {
  const std::lock_guard lock(mutex_);
  return remarks_;
}

bool TestHost::tells_secret(std::string_view text) const {
  return text.find(kCanary) != std::string_view::npos || std::ranges::any_of(grants_.given, [&](const auto& secret) {
           return secret.second.size() >= kShortestSecret && text.find(secret.second) != std::string_view::npos;
         });
}

bool TestHost::is_needed(std::string_view id) const {
  for (const char* const* need = plugin_.needs; need != nullptr && *need != nullptr; ++need)
    if (id == *need) return true;
  return false;
}

const void* TestHost::find_service(const hw_host* host, const char* id) {
  TestHost& self = of(host);
  const std::string_view name(id == nullptr ? "" : id);
  if (!self.is_needed(name)) {
    if (is_known_service(name))
      self.note_remark("it asks for the service " + std::string(name) + ", which is not in its needs: it gets none");
    return nullptr;
  }
  if (!self.grants_.services) return nullptr;
  if (name == HW_SERVICE_HTTP) return self.http_;
  if (name == HW_SERVICE_METRICS) return self.metrics_;
  if (name == HW_SERVICE_SECRETS) return self.secrets_;
  if (name == HW_SERVICE_PULL && self.plugin_.kind == HW_KIND_REGISTRY) return self.pull_;
  return nullptr;
}

void TestHost::log(const hw_host* host, std::int32_t level, hw_str message, const hw_kv* fields, std::size_t count) {
  TestHost& self = of(host);
  if (level < HW_LOG_DEBUG || level > HW_LOG_ERROR)
    self.note_breach("it logs at the unknown level " + std::to_string(level));
  if (!is_name(message, HW_MAX_TEXT))
    return self.note_breach("it logs a message that is not one line of UTF-8 of at most 4096 bytes");
  if (count > kMaxFields || (count > 0 && fields == nullptr))
    return self.note_breach("it logs with more than 32 fields, or with a count but no fields");
  if (self.tells_secret(view(message))) self.note_breach("it writes a secret into a log message");
  std::string told(view(message));
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_name(fields[i].key)) self.note_breach("it logs a field whose key is not a name");
    if (self.tells_secret(view(fields[i].value)))
      self.note_breach("it writes a secret into the field " + printable(view(fields[i].key), 60) + " of a log line");
    if (view(fields[i].key) == "error") told += ": " + std::string(view(fields[i].value));
  }
  if (level != HW_LOG_ERROR) return;
  const std::lock_guard lock(self.mutex_);
  if (self.logged_error_.empty()) self.logged_error_ = std::move(told);
}

hw_status TestHost::fail(const hw_call* call, const hw_error* error) {
  Visit* visit = Visit::of(call);
  return visit == nullptr ? hw_status{HW_INTERNAL} : visit->fail(error);
}

std::uint32_t TestHost::define(const hw_host* host, std::int32_t type, hw_str name, hw_str help) {
  TestHost& self = of(host);
  if (self.too_many_metrics_) return 0;
  if (type < HW_COUNTER || type > HW_HISTOGRAM || !is_name(name) || !is_metric_name(view(name)) || !is_text(help)) {
    self.note_breach("it defines a metric of an unknown type or whose name is not of [A-Za-z0-9_]");
    return 0;
  }
  const std::lock_guard lock(self.mutex_);
  const auto found = std::ranges::find(self.metric_names_, view(name));
  if (found != self.metric_names_.end()) return static_cast<std::uint32_t>(found - self.metric_names_.begin()) + 1;
  if (self.metric_names_.size() == kMaxMetrics) {
    self.too_many_metrics_ = true;
    note(self.breaches_, "it defines more than 64 metrics; define a few in create, the host adds the instance");
    return 0;
  }
  self.metric_names_.emplace_back(view(name));
  return static_cast<std::uint32_t>(self.metric_names_.size());
}

void TestHost::record(const hw_host* host, std::uint32_t id, double value) {
  TestHost& self = of(host);
  if (!std::isfinite(value)) self.note_breach("it records a metric that is no finite number");
  const std::lock_guard lock(self.mutex_);
  if (id > self.metric_names_.size()) note(self.breaches_, "it records a metric that it did not define");
}

}  // namespace headwind::conformance
