// SPDX-License-Identifier: Apache-2.0
// The plugin's edge: every function of the C tables runs its body inside guard(), which lets no exception out.
#pragma once
#include <headwind/sdk/call.hpp>

#include <new>

namespace hw::detail {

inline hw_status report(const hw_call* raw, hw_status status, bool retryable, std::int64_t retry_after_ms,
                        std::string_view message) noexcept {
  const hw_error error{sizeof(hw_error), status, retryable ? 1 : 0, 0, retry_after_ms, str(message)};
  return raw->host->fail(raw, &error);
}

// Called inside a catch block: turns the exception in flight into a status and a sentence.
inline hw_status report_exception(const hw_call* raw) noexcept {
  try {
    throw;
  } catch (const stopped& stop) {
    return stop.status;  // the host's own answer, it knows why
  } catch (const service_error& failure) {
    return static_cast<hw_status>(failure.code());
  } catch (const error& failure) {
    return report(raw, static_cast<hw_status>(failure.code()), failure.retryable(), failure.retry_after().count(),
                  failure.what());
  } catch (const std::bad_alloc&) {
    return report(raw, HW_INTERNAL, true, 0, "out of memory in the plugin");
  } catch (const std::exception& failure) {
    return report(raw, HW_INTERNAL, false, 0, failure.what());
  } catch (...) {
    return report(raw, HW_INTERNAL, false, 0, "the plugin threw something that is not a std::exception");
  }
}

// Runs body(const hw::call&). `complete`: the structs that the host passed carry at least the members of 1.0.
template <class Body>
hw_status guard(const hw_call* raw, bool complete, Body&& body) noexcept {
  if (!raw || !HW_HAS(hw_call, raw, trace_id) || !raw->host || !HW_HAS(hw_host, raw->host, service)) return HW_INTERNAL;
  if (!complete) return report(raw, HW_INTERNAL, false, 0, "the host passed a struct smaller than that of version 1.0");
  try {
    const call current(raw);
    body(current);
    return HW_OK;
  } catch (...) {
    return report_exception(raw);
  }
}

}  // namespace hw::detail
