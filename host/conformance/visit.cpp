// SPDX-License-Identifier: Apache-2.0
#include "conformance/visit.hpp"

#include <cxxabi.h>

#include <exception>
#include <utility>

#include "conformance/sinks.hpp"
#include "conformance/trial.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {

using plugin::is_known;
using plugin::status_name;

Visit::Visit(TestHost& host, std::string place, Wants wants)
    : host_(host), place_(std::move(place)), wants_(wants), flags_(host.call_flags), lent_(host.afterwards()) {
  ticket_ = lent_.one(Ticket{this});
  hw_call call{};
  call.struct_size = sizeof call;
  call.flags = flags_;
  call.host = &host.host();
  call.ctx = ticket_;
  call.deadline_ms = system_clock().mono_ms() + host.deadline_ms;
  call.trace_id = lent_.text("4bf92f3577b34da6a3ce929d0e0e4736");
  call_ = lent_.one(call);
  text_ = lent_.one(Sinks::text(ticket_));
  verdicts_ = lent_.one(Sinks::verdicts(ticket_));
  registry_ = lent_.one(Sinks::registry(ticket_));
  images_ = lent_.one(Sinks::images(ticket_));
  targets_ = lent_.one(Sinks::targets(ticket_));
}

Visit* Visit::at(void* ctx) { return static_cast<Ticket*>(ctx)->visit; }
Visit* Visit::of(const hw_call* call) { return call == nullptr || call->ctx == nullptr ? nullptr : at(call->ctx); }

void Visit::breach(const std::string& sentence) { host_.note_breach("in " + place_ + " it " + sentence); }
void Visit::remark(const std::string& sentence) { host_.note_remark("in " + place_ + " it " + sentence); }

std::int64_t Visit::left_ms() const { return call_->deadline_ms - system_clock().mono_ms(); }
bool Visit::over() const { return host_.cancelled || left_ms() <= 0; }

hw_status Visit::run(const std::function<hw_status()>& call) {
  enter_place(place_);
  hw_status status = HW_INTERNAL;
  bool thrown = true;
  try {
    status = call();
    thrown = false;
  } catch (const abi::__forced_unwind&) {
    breach("ends the thread that it was called on; return instead");
    throw;
  } catch (const std::exception& escaped) {
    const char* what = escaped.what();
    breach("throws an exception across the C boundary (" +
           std::string(what == nullptr ? "it says nothing" : printable(what, 200)) +
           "); catch everything at the edge, as the C++ SDK does");
  } catch (...) {
    breach("throws something across the C boundary; catch everything at the edge, as the C++ SDK does");
  }
  if (!thrown) judge(status);
  ticket_->visit = nullptr;
  lent_.take_back();
  return status;
}

void Visit::judge(hw_status status) {
  const std::lock_guard lock(mutex_);
  if (!is_known(status))
    return breach("answers with the unknown status " + std::to_string(status) + "; use those of hw_status");
  if (refused_ && status == HW_OK) breach("answers ok although a result was refused; return what the sink answered");
  if (status == HW_OK && failure_) breach("answers ok after it called host->fail; either is true, not both");
  if (status == HW_INTERNAL)
    breach("answers internal, which means a bug of its own" + (failure_ ? ": " + failure_->message : std::string()) +
           "; refuse bad input with HW_INVALID, and name a peer's fault as such");
  if (status != HW_OK && status != HW_CANCELLED && !failure_ && !service_failed_ && !refused_)
    remark("answers " + std::string(status_name(status)) + " and gives no reason; call host->fail with a sentence");
  if (failure_ && failure_->code != status)
    remark("answers " + std::string(status_name(status)) + " but told host->fail " +
           std::string(status_name(failure_->code)) + "; return what fail answers");
}

hw_status Visit::fail(const hw_error* error) {
  if (!plugin::is_sized(error)) {
    breach("calls host->fail without an error, or with one of a wrong struct_size; set it to sizeof(hw_error)");
    return HW_INTERNAL;
  }
  if (!is_known(error->code) || error->code == HW_OK)
    breach("tells host->fail the code " + std::to_string(error->code) + "; use those of hw_status");
  if (!plugin::is_text(error->message))
    breach("tells host->fail a message that is not UTF-8 of at most 4096 bytes");
  else if (!plugin::is_name(error->message, HW_MAX_TEXT))
    remark("tells host->fail a message of several lines; one line is shown");
  if (error->message.len == 0) remark("tells host->fail no message; say what is wrong and what helps");
  if (error->retry_after_ms < 0)
    breach("tells host->fail to try again " + std::to_string(error->retry_after_ms) +
           " ms from now; retry_after_ms is zero or more");
  const std::string message = plugin::is_text(error->message) ? std::string(plugin::view(error->message)) : "";
  if (host_.tells_secret(message)) breach("puts a secret into the message of an error; name the secret, not its value");
  const std::lock_guard lock(mutex_);
  if (failure_) host_.note_remark("in " + place_ + " it calls host->fail twice; only one counts");
  failure_ = Failure{error->code, error->retryable != 0, error->retry_after_ms, message};
  return error->code;
}

hw_status Visit::service_failed(hw_status status) {
  service_failed_ = true;
  return status;
}

hw_status Visit::take(bool wanted, const char* what, const std::function<std::string()>& problem) {
  if (std::this_thread::get_id() != thread_) {
    breach("puts " + std::string(what) + " from a thread of its own; put results on the thread that it was called on");
    return HW_INVALID;
  }
  if (!wanted) breach("puts " + std::string(what) + ", which this function does not ask for; see its header");
  if (failure_) breach("puts " + std::string(what) + " after it called host->fail; call that right before returning");
  if (refused_) breach("goes on to put " + std::string(what) + " after the sink said stop; return what it answered");
  if (!wanted || failure_ || refused_) return HW_INVALID;
  if (host_.refuses_results) {
    refused_ = true;
    return HW_CANCELLED;
  }
  if (const std::string wrong = problem(); !wrong.empty()) {
    refused_ = true;
    breach("puts " + wrong);
    return HW_INVALID;
  }
  ++put;
  return HW_OK;
}

}  // namespace headwind::conformance
