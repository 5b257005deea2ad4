// SPDX-License-Identifier: Apache-2.0
#include "app/startup.hpp"

#include "telemetry/log.hpp"

namespace headwind::app {

Task<Result<>> Startup::start() {
  for (const Step& step : steps_) {
    telemetry::debug("app", "starting", {{"step", step.name}});
    const Result<> started = co_await step.start();
    if (!started) {
      const Error error = in_context(started.error(), step.name);
      co_await stop();
      co_return error;
    }
    ++started_;
  }
  co_return Result<>{};
}

Task<> Startup::stop() {
  while (started_ > 0) {
    const Step& step = steps_[--started_];
    telemetry::debug("app", "stopping", {{"step", step.name}});
    if (step.stop) co_await step.stop();
  }
}

}  // namespace headwind::app
