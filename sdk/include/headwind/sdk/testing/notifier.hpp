// SPDX-License-Identifier: Apache-2.0
// A notifier under test: hw::testing::notifier pager(host, R"({"url": "https://x"})"); pager.send({.text = "hello"});
#pragma once
#include <headwind/sdk/notifier.hpp>
#include <headwind/sdk/testing/calls.hpp>

namespace hw::testing {

class notifier : public driver {
 public:
  explicit notifier(fake_host& host, std::string_view settings = "{}", const hw_module* module = hw_entry_v1())
      : driver(host, settings, module) {}

  // HW_OK: it was delivered. Otherwise host.failures.back() says why not.
  hw_status send(const hw::event& event) {
    loans texts;
    const auto raw = std::make_unique<hw_event>(hw_event{
        sizeof(hw_event), static_cast<std::int32_t>(event.severity), texts.lend(event.type), texts.lend(event.id),
        event.unix_ms, texts.lend(event.subject), texts.lend(event.old_reference), texts.lend(event.new_reference),
        texts.lend(event.text), texts.lend(event.link), texts.lend(event.details)});
    const hw_event* const events[] = {raw.get()};
    hw_status result = HW_CANCELLED;
    const hw_status status =
        attempt([&](const hw_call* call) { return api<hw_notifier_api>()->send(self(), call, events, 1, &result); });
    if ((status == HW_OK) != (result == HW_OK))
      throw std::logic_error("send() and results[0] must agree on whether the event was delivered");
    return status;
  }
};

}  // namespace hw::testing
