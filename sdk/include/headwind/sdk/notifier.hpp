// SPDX-License-Identifier: Apache-2.0
// A notifier in C++: derive from hw::notifier and write
//
//   void send(const hw::call&, const hw::event&);
//
// It is called for one event after the other, the oldest first, never from two threads at once. Returning means the
// event was delivered. hw::error with code invalid means that this event never can be; the others go on. Any other
// failure ends the batch, and what was not delivered comes again later.
#pragma once
#include <headwind/notifier.h>
#include <headwind/sdk/guard.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <string_view>

namespace hw {

struct notifier {};

// One event, as views. See hw_event for what each member holds.
struct event {
  hw::level severity = hw::level::info;
  std::string_view type = {}, id = {};
  std::int64_t unix_ms = 0;
  std::string_view subject = {}, old_reference = {}, new_reference = {}, text = {}, link = {}, details = {};
};

template <class T>
concept notifier_plugin = requires(T& self, const call& c, const event& e) { self.send(c, e); };

namespace detail {

inline event event_view(const hw_event& raw) {
  return {static_cast<level>(raw.severity), view(raw.type),          view(raw.id),   raw.unix_ms,    view(raw.subject),
          view(raw.old_reference),          view(raw.new_reference), view(raw.text), view(raw.link), view(raw.details)};
}

template <notifier_plugin T>
hw_status send(void* self, const hw_call* raw, const hw_event* const* events, std::size_t count,
               hw_status* results) noexcept {
  std::exception_ptr first_invalid;
  for (std::size_t i = 0; i < count; ++i) {
    const bool complete = events[i] && HW_HAS(hw_event, events[i], details);
    const hw_status ended = guard(raw, complete, [&](const call& current) {
      try {
        static_cast<T*>(self)->send(current, event_view(*events[i]));
        results[i] = HW_OK;
      } catch (const error& failure) {
        if (failure.code() != code::invalid) throw;
        results[i] = HW_INVALID;
        if (!first_invalid) first_invalid = std::current_exception();
      }
    });
    if (ended != HW_OK) return results[i] = ended;
  }
  if (!first_invalid) return HW_OK;
  return guard(raw, true, [&](const call&) { std::rethrow_exception(first_invalid); });
}

template <class T>
struct notifier_table {
  static_assert(notifier_plugin<T>, "a notifier needs: void send(const hw::call&, const hw::event&)");
  static constexpr std::int32_t kind = HW_KIND_NOTIFIER;
  static constexpr hw_notifier_api api{sizeof(hw_notifier_api), 0, &send<T>};
};

}  // namespace detail
}  // namespace hw
