// SPDX-License-Identifier: Apache-2.0
// What the drivers of the kinds share: text that is the plugin's for one call only, and failures as exceptions.
#pragma once
#include <headwind/sdk/testing/host.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <string_view>

namespace hw::testing {

// Copies, none a byte longer than it says, that are freed with this: AddressSanitizer sees a plugin that keeps one.
class loans {
 public:
  hw_str lend(std::string_view text) {
    if (text.empty()) return {};
    auto& copy = copies_.emplace_back(new char[text.size()]);
    std::copy(text.begin(), text.end(), copy.get());
    return {copy.get(), text.size()};
  }

 private:
  std::deque<std::unique_ptr<char[]>> copies_;
};

// An instance of the plugin that the test is linked with, on a host.
class driver : public instance {
 protected:
  driver(fake_host& host, std::string_view settings, const hw_module* module)
      : instance(host, module, settings), host_(host) {}

  // One call of a function of the table; what the plugin reports as a failure is thrown as hw::error.
  template <class Call>
  void demand(Call&& make_call) {
    const std::size_t told = host_.failures.size();
    const hw_status status = attempt(make_call);
    if (status == HW_OK) return;
    const hw::code why = status < 0 || status > HW_INTERNAL ? code::internal : static_cast<hw::code>(status);
    if (host_.failures.size() == told) throw error(why, std::string(to_string(why)));
    const failure& last = host_.failures.back();
    throw error(why, last.message)
        .retryable(last.retryable)
        .retry_after(std::chrono::milliseconds(last.retry_after_ms));
  }
  template <class Call>
  hw_status attempt(Call&& make_call) {
    if (status() != HW_OK) throw std::logic_error("there is no instance: create failed");
    const std::size_t told = host_.failures.size();
    const hw_status status = make_call(host_.call());
    if (host_.failures.size() > told + 1) throw std::logic_error("the plugin called fail() twice in one call");
    return status;
  }

 private:
  fake_host& host_;
};

}  // namespace hw::testing
