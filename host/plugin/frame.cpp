// SPDX-License-Identifier: Apache-2.0
#include "plugin/frame.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/instance.hpp"
#include "telemetry/span.hpp"

namespace headwind::plugin {
namespace {
constexpr std::int64_t kLongestRetry = 24LL * 3600 * 1000;
}  // namespace

Frame::Frame(std::shared_ptr<Instance> instance, Function function, std::size_t crossings)
    : local(local_value()),
      instance_(std::move(instance)),
      function_(function),
      budget_(instance_->deadline(function)),
      since_ms_(system_clock().mono_ms()) {
  reports_.resize(crossings);
  if (auto context = telemetry::Current::context()) trace_id = std::move(context->trace_id);
  instance_->hold();
}

Frame::~Frame() { instance_->let_go(); }

std::int64_t Frame::due_ms() const {
  const auto grace = stage() == Stage::running ? instance_->runtime().grace : std::chrono::milliseconds(0);
  return since_ms_.load() + budget_.count() + grace.count();
}

bool Frame::execute() {
  const std::shared_ptr<Frame> self = shared_from_this();
  since_ms_ = system_clock().mono_ms();
  if (instance_->breaker().stuck() && drop()) {  // since it was submitted
    instance_->left(*this);
    if (instance_->runtime().loop) instance_->runtime().loop->post(self);
    return true;
  }
  if (!change(Stage::waiting, Stage::running)) {
    instance_->left(*this);
    return true;
  }
  const LocalThread thread(local);
  std::size_t crossing = 0;
  handle_ = &instance_->services().lend(*this);
  try {
    for (; crossing < reports_.size() && stage() == Stage::running; ++crossing) reports_[crossing] = cross(crossing);
  } catch (const abi::__forced_unwind&) {  // pthread_exit by the plugin: it cannot be stopped, only survived
    for (; crossing < reports_.size(); ++crossing) {
      reports_[crossing].label = "exception";
      reports_[crossing].fault = true;
      reports_[crossing].error = fault("the plugin ended the thread that it was called on");
    }
    if (settle() && workers) workers->replace();
    throw;
  }
  return settle();
}

bool Frame::settle() {
  instance_->services().take_back(*std::exchange(handle_, nullptr));
  const bool on_time = change(Stage::running, Stage::done);
  instance_->left(*this);
  if (!on_time) {
    instance_->came_back();
  } else if (instance_->runtime().loop) {
    instance_->runtime().loop->post(shared_from_this());
  }
  return on_time;
}

Report Frame::cross(std::size_t crossing) {
  {
    const std::lock_guard lock(mutex_);
    failure_.reset();
    note_.clear();
    rejected_.clear();
    refuses_ = false;
    bad_output_.clear();
  }
  const std::int64_t now = system_clock().mono_ms();
  since_ms_ = now;
  hw_call& call = handle_->call;
  call.struct_size = lent_size<hw_call>(
      instance_->runtime().abi_minor);  // a plugin that casts const away has spoilt its own call only
  call.flags = instance_->runtime().dry_run ? std::uint32_t{HW_CALL_DRY_RUN} : 0;
  call.host = &instance_->host();
  call.ctx = handle_;
  call.deadline_ms = now + budget_.count();
  handle_->set_trace_id(trace_id);
  const auto start = std::chrono::steady_clock::now();
  Report report;
  std::string thrown;
  try {
    const Journal::Entry entry(instance_->runtime().journal, instance_->culprit(), traits(function_).name);
    report.status = enter(call, crossing);
  } catch (const abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& escaped) {
    const char* what = escaped.what();
    thrown = std::string("threw an exception across the C boundary: ") +
             (what == nullptr ? "it says nothing" : printable(blot(what), 512));
  } catch (...) {
    thrown = "threw something across the C boundary";
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (thrown.empty()) {
    judge(report);
  } else {
    report.label = "exception";
    report.fault = true;
    report.error = fault("the plugin " + thrown);
  }
  report.error.message = blot(report.error.message);  // a URL that is a secret may be in a service's sentence, too
  return report;
}

void Frame::judge(Report& report) {
  const std::lock_guard lock(mutex_);
  // It was told that a piece is refused, and went on as if nothing were.
  const bool went_on = !rejected_.empty() && (report.status == HW_OK || !bad_output_.empty());
  if (went_on || !bad_output_.empty()) {
    report.status = HW_INTERNAL;
    report.label = "bad_output";
    report.fault = true;
    report.error = fault(went_on ? rejected_ : bad_output_);
  } else if (!is_known(report.status)) {
    report.error = fault("the plugin returned the unknown status " + std::to_string(report.status));
    report.status = HW_INTERNAL;
    report.label = "bad_output";
    report.fault = true;
  } else {
    report.label = status_name(report.status);
    report.fault = report.status == HW_INTERNAL;
    if (report.status != HW_OK) report.error = explain(report.status);
  }
}

// The status classifies; the rest is what fail() said about it, or the service or sink that stood in the way.
Error Frame::explain(hw_status status) {
  const Code code = to_code(status);
  if (failure_) {
    Error error = *failure_;
    if (error.code != code) error.retryable = make_error(code, {}).retryable;
    error.code = code;
    // The plugin knows what it wanted, the service why it did not get it.
    if (!note_.empty() && note_status_ == status) error.message += "; " + note_;
    return error;
  }
  if (!rejected_.empty()) return make_error(code, rejected_);
  if (!note_.empty()) return make_error(code, note_);
  return make_error(code, "the plugin answered \"" + std::string(to_string(code)) + "\" and gave no reason");
}

bool Frame::cancelled() const {
  const Stage now = stage();
  return now == Stage::abandoned || instance_->stopping() || system_clock().mono_ms() >= since_ms_ + budget_.count();
}

std::chrono::milliseconds Frame::left() const {
  if (cancelled()) return std::chrono::milliseconds(0);
  return std::chrono::milliseconds(std::max<std::int64_t>(0, since_ms_ + budget_.count() - system_clock().mono_ms()));
}

hw_status Frame::fail(const hw_error* given) {
  if (!is_sized(given)) return HW_INTERNAL;
  const hw_error error = known(*given);
  // Twice as much is looked at as is kept: a secret must not be cut before it is found.
  Error failure =
      make_error(to_code(error.code), printable(blot(view(error.message).substr(0, 2 * HW_MAX_TEXT)), HW_MAX_TEXT));
  failure.retryable = error.retryable != 0;
  failure.retry_after = std::chrono::milliseconds(std::clamp<std::int64_t>(error.retry_after_ms, 0, kLongestRetry));
  if (failure.message.empty()) failure.message = "the plugin gave no reason";
  const std::lock_guard lock(mutex_);
  failure_ = std::move(failure);
  return error.code;
}

hw_status Frame::note(hw_status status, std::string sentence) {
  const std::lock_guard lock(mutex_);
  note_ = std::move(sentence);
  note_status_ = status;
  return status;
}

void Frame::forget_note() {
  const std::lock_guard lock(mutex_);
  note_.clear();
}

hw_status Frame::reject(std::string sentence) {
  const std::lock_guard lock(mutex_);
  if (rejected_.empty()) rejected_ = std::move(sentence);
  refuses_ = true;
  return HW_INVALID;
}

hw_status Frame::bad_output(std::string sentence) {
  const std::lock_guard lock(mutex_);
  bad_output_ = std::move(sentence);
  return HW_INTERNAL;
}

Result<> Frame::result(std::size_t crossing) const {
  const Report& report = reports_.at(crossing);
  if (report.status == HW_OK) return {};
  return in_frame(report.error);
}

std::string Frame::blot(std::string_view text) const {
  std::string out = instance_->services().blot().clean(text);
  if (const hw_credential* const lent = credential(); lent != nullptr) {
    for (const hw_str secret : {lent->password, lent->identity_token, lent->registry_token})
      blot_out(out, view(secret));
  }
  return out;
}

Error Frame::fault(const std::string& sentence) const {
  return make_error(Code::internal, sentence + "; " + instance_->remedy());
}

Error Frame::in_frame(Error error) const {
  return in_context(std::move(error), instance_->name() + ": " + std::string(traits(function_).name));
}

}  // namespace headwind::plugin
