// SPDX-License-Identifier: Apache-2.0
// One call into a plugin that is checked: what it is lent, what it puts and says, how it ends.
#pragma once
#include <headwind/headwind.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "conformance/lent.hpp"
#include "conformance/test_host.hpp"

namespace headwind::conformance {

// Which results the call asks for.
struct Wants {
  bool text = false, verdicts = false, tags = false, artifact = false, push = false, platform = false, images = false,
       target = false;
};

class Visit {
 public:
  // `place`: "send (an event without text)".
  Visit(TestHost& host, std::string place, Wants wants = {});
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  // Runs `call` once and takes back what was lent. Breaches of the rules are noted with the host.
  hw_status run(const std::function<hw_status()>& call);

  Lent& lent() { return lent_; }
  hw_call* call() { return call_; }
  const hw_sink* text_sink() { return text_; }
  const hw_verdict_sink* verdict_sink() { return verdicts_; }
  const hw_registry_sink* registry_sink() { return registry_; }
  const hw_image_sink* image_sink() { return images_; }
  const hw_target_sink* target_sink() { return targets_; }

  // Breach or remark, saying in which call.
  void breach(const std::string& sentence);
  void remark(const std::string& sentence);

  struct Failure {
    hw_status code = HW_OK;
    bool retryable = false;
    std::int64_t retry_after_ms = 0;
    std::string message;
  };
  const std::optional<Failure>& failure() const { return failure_; }  // what fail() was told
  bool explained() const { return failure_.has_value() || service_failed_; }
  std::string text;                               // of text_sink
  std::size_t put = 0;                            // results of any sort
  std::vector<bool> judged;                       // by verdict_sink: one for each candidate, to be sized before
  std::function<void(const hw_image&)> on_image;  // looks at one, before it is gone

  // The test host's side.
  static Visit* of(const hw_call* call);
  TestHost& host() { return host_; }
  bool over() const;  // cancelled, or its deadline passed
  std::int64_t left_ms() const;
  bool dry_run() const { return (flags_ & HW_CALL_DRY_RUN) != 0; }
  hw_status fail(const hw_error* error);
  hw_status service_failed(hw_status status);
  int enter_service() { return ++depth_; }
  void leave_service() { --depth_; }

 private:
  struct Ticket {  // what ctx leads to
    Visit* visit;
  };
  friend struct Sinks;
  hw_status take(bool wanted, const char* what, const std::function<std::string()>& problem);
  void judge(hw_status status);
  static Visit* at(void* ctx);

  TestHost& host_;
  const std::string place_;
  const Wants wants_;
  const std::uint32_t flags_;
  const std::thread::id thread_ = std::this_thread::get_id();
  Lent lent_;
  Ticket* ticket_;
  hw_call* call_;
  hw_sink* text_;
  hw_verdict_sink* verdicts_;
  hw_registry_sink* registry_;
  hw_image_sink* images_;
  hw_target_sink* targets_;
  std::mutex mutex_;  // of failure_: any thread of the plugin may call fail
  std::optional<Failure> failure_;
  std::atomic<bool> service_failed_ = false;
  std::atomic<int> depth_ = 0;
  bool refused_ = false;
  std::size_t bytes_ = 0;  // of the results
  std::size_t tags_ = 0;   // of all pages
};

}  // namespace headwind::conformance
