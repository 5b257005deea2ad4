// SPDX-License-Identifier: Apache-2.0
// The services of the test host that call back: HTTP, secrets, pull credentials.
#include <algorithm>
#include <chrono>
#include <thread>

#include "conformance/test_host.hpp"
#include "conformance/visit.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

using plugin::is_name;
using plugin::is_sized;
using plugin::view;

constexpr std::size_t kMaxUrl = 8192, kMaxHeaders = 128, kMaxBody = 16U << 20U;
constexpr int kDeepest = 8;
constexpr std::int64_t kLongestSleep = 5;

// Services within the answers of services.
class Nesting {
 public:
  explicit Nesting(Visit& visit) : visit_(visit), depth_(visit.enter_service()) {}
  ~Nesting() { visit_.leave_service(); }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  bool too_deep() const {
    if (depth_ > kDeepest)
      visit_.breach(
          "calls a service from within the answer of a service more than 8 times over; keep the answer and "
          "go on when the service has returned");
    return depth_ > kDeepest;
  }

 private:
  Visit& visit_;
  const int depth_;
};

std::string request_problem(const hw_http_request& request) {
  if (request.flags != 0) return "sets flags of an HTTP request that nobody defined";
  if (request.method.len == 0 || !is_name(request.method) || view(request.method).find(' ') != std::string_view::npos)
    return "sends an HTTP request whose method is not one";
  if (request.url.len == 0 || !is_name(request.url, kMaxUrl)) return "sends an HTTP request whose URL is not one";
  if (!view(request.url).starts_with("http://") && !view(request.url).starts_with("https://"))
    return "sends an HTTP request whose URL is neither http nor https";
  if (request.body.len > kMaxBody || (request.body.ptr == nullptr && request.body.len != 0))
    return "sends an HTTP request whose body is longer than 16 MiB, or null";
  if (request.header_count > kMaxHeaders || (request.header_count > 0 && request.headers == nullptr))
    return "sends an HTTP request with more than 128 headers, or with a count but no headers";
  for (std::size_t i = 0; i < request.header_count; ++i) {
    const hw_kv& header = request.headers[i];
    if (header.key.len == 0 || !is_name(header.key) ||
        view(header.value).find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
      return "sends an HTTP request with a malformed header";
  }
  return {};
}

bool only_looks(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

}  // namespace

hw_status TestHost::exchange(const hw_call* call, const hw_http_request* request, const hw_http_reply* reply) {
  Visit* visit = Visit::of(call);
  if (visit == nullptr) return HW_INVALID;
  const Nesting nesting(*visit);
  if (nesting.too_deep()) return visit->service_failed(HW_INVALID);
  if (!is_sized(request) || !is_sized(reply)) {
    visit->breach("gives the HTTP service a struct of a wrong struct_size, or none; set it to sizeof");
    return HW_INVALID;
  }
  if (const std::string problem = request_problem(plugin::known(*request)); !problem.empty()) {
    visit->breach(problem);
    return visit->service_failed(HW_INVALID);
  }
  TestHost& self = visit->host();
  const Request asked{std::string(view(request->method)), std::string(view(request->url)),
                      std::string(view(request->body))};
  if (!only_looks(asked) && visit->dry_run())
    visit->breach("sends " + printable(asked.method, 20) +
                  " although the call is a dry run; look at call->flags & HW_CALL_DRY_RUN first");
  const Reply answer = self.reply_to(asked);
  if (visit->over()) return visit->service_failed(HW_CANCELLED);
  if (answer.kind == Reply::Kind::unreachable) return visit->service_failed(HW_UNAVAILABLE);
  if (answer.kind == Reply::Kind::silent) {
    while (!visit->over() && call->deadline_ms > call->host->mono_ms(call->host))
      std::this_thread::sleep_for(
          std::chrono::milliseconds(std::clamp<std::int64_t>(visit->left_ms(), 1, kLongestSleep)));
    return visit->service_failed(HW_CANCELLED);
  }
  return self.answer(answer, plugin::known(*reply));
}

Reply TestHost::reply_to(const Request& request) {
  ++requests_;
  if (!only_looks(request)) ++changes_;
  Peer peer;
  {
    const std::lock_guard lock(mutex_);
    peer = peer_;
  }
  return peer(request);
}

// Each piece is lent for the one callback that gets it.
hw_status TestHost::answer(const Reply& reply, const hw_http_reply& to) const {
  if (to.head != nullptr) {
    Lent lent(afterwards_);
    std::vector<hw_kv> headers;
    for (const auto& [name, value] : reply.headers) headers.push_back({lent.text(name), lent.text(value)});
    const hw_status status = to.head(to.ctx, reply.status, lent.row(headers), headers.size());
    if (status != HW_OK) return status;
  }
  if (to.body == nullptr || reply.body.empty()) return HW_OK;
  const std::string_view body = reply.body;
  for (const std::string_view chunk : {body.substr(0, body.size() / 2), body.substr(body.size() / 2)}) {
    Lent lent(afterwards_);
    if (const hw_status status = to.body(to.ctx, lent.text(chunk)); status != HW_OK) return status;
  }
  return HW_OK;
}

// Such that plugins which look at a secret's form are content.
std::string TestHost::secret(const std::string& name) const {
  if (const auto found = grants_.given.find(name); found != grants_.given.end()) return found->second;
  std::string canary(kCanary);
  if (to_lower(name).find("url") != std::string::npos)
    return (local_url_.empty() ? "https://check.invalid" : local_url_) + "/" + canary;
  if (to_lower(name).find("token") != std::string::npos) return "123456:" + canary + "-" + canary;
  return canary;
}

hw_status TestHost::read_secret(const hw_call* call, hw_str name, const hw_sink* out) {
  Visit* visit = Visit::of(call);
  if (visit == nullptr || out == nullptr || out->write == nullptr) return HW_INVALID;
  const Nesting nesting(*visit);
  if (nesting.too_deep()) return visit->service_failed(HW_INVALID);
  TestHost& self = visit->host();
  self.asked_for_secrets_ = true;
  if (!is_name(name)) {
    visit->breach("asks for a secret whose name is not one");
    return visit->service_failed(HW_INVALID);
  }
  const std::string wanted(view(name));
  if (!self.grants_.secrets || (self.grants_.names && !self.grants_.names->contains(wanted)))
    return visit->service_failed(HW_NOT_FOUND);
  Lent lent(self.afterwards_);
  return out->write(out->ctx, lent.text(self.secret(wanted)));
}

const hw_credential* TestHost::credential(const hw_call* call) {
  Visit* visit = Visit::of(call);
  return visit == nullptr || !visit->host().grants_.secrets ? nullptr : visit->host().credential_;
}

}  // namespace headwind::conformance
