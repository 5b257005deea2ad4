// SPDX-License-Identifier: Apache-2.0
// A host with the slow policy, and what that has counted.
#pragma once
#include <dlfcn.h>
#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/detached.hpp>

#include "world.hpp"

namespace headwind::plugin {

class SlowWorld : public World {
 protected:
  SlowWorld() {
    options.directories = {built("moving")};
    start();
    module = dlopen((built("moving") / "slow_policy.so").c_str(), RTLD_NOW | RTLD_NOLOAD);
    for (const char* name : {"slow_created", "slow_destroyed", "slow_violations", "slow_released"}) *counter(name) = 0;
  }

  std::atomic<int>* counter(const char* name) const { return static_cast<std::atomic<int>*>(dlsym(module, name)); }
  int created() const { return *counter("slow_created"); }
  int destroyed() const { return *counter("slow_destroyed"); }
  int violations() const { return *counter("slow_violations"); }

  static InstanceConfig answering(const std::string& answer, const std::string& more = "") {
    return {"slow", "test.policy.slow", R"({"answer":")" + answer + "\"" + more + "}", {}, patient()};
  }
  // Ends the calls that are "held" or "deaf".
  void release() const { *counter("slow_released") = 1; }
  static PolicyQuery lasting(std::string pattern) {
    PolicyQuery query;
    query.pattern = std::move(pattern);
    return query;
  }
  static PolicyQuery lasting(int milliseconds) { return lasting(std::to_string(milliseconds)); }
  std::string ask(const Policy& policy, int milliseconds = 0) {
    const Result<Choice> choice = run(policy.choose(lasting(milliseconds), {}, false));
    return choice ? choice->why : choice.error().message;
  }
  // A call of its own coroutine: its answer, or its error.
  std::shared_ptr<std::optional<std::string>> begin(Policy policy, std::string pattern) {
    auto answer = std::make_shared<std::optional<std::string>>();
    boost::asio::co_spawn(loop, wait(policy.choose(lasting(std::move(pattern)), {}, false), answer),
                          boost::asio::detached);
    return answer;
  }
  std::shared_ptr<std::optional<std::string>> begin(Policy policy, int milliseconds) {
    return begin(std::move(policy), std::to_string(milliseconds));
  }
  static Task<> wait(Task<Result<Choice>> call, std::shared_ptr<std::optional<std::string>> answer) {
    const Result<Choice> choice = co_await std::move(call);
    *answer = choice ? choice->why : choice.error().message;
  }
  std::size_t draining() const {
    std::size_t count = 0;
    for (const InstanceInfo& info : host->instances()) count += info.state == "draining" ? 1 : 0;
    return count;
  }

  void* module = nullptr;
};

}  // namespace headwind::plugin
