// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "app/delivery_marks.hpp"
#include "app/notifiers.hpp"
#include "app/parts.hpp"
#include "app/poll_marks.hpp"
#include "app/polling.hpp"
#include "app/steps.hpp"

namespace headwind::app {

Task<Result<>> remember_polls(Parts& parts) {
  if (!parts.polling || !parts.durable) co_return Result<>{};
  parts.poll_marks =
      std::make_shared<PollMarks>(parts.client, parts.options.config.name_space, *parts.polling, system_clock());
  co_await PollMarks::load(parts.poll_marks);
  spawn(parts.executor, "polling marks", PollMarks::run(parts.poll_marks));
  co_return Result<>{};
}

Task<> note_polls(Parts& parts) {
  if (parts.poll_marks) co_await parts.poll_marks->stop();
}

Task<Result<>> follow_deliveries(Parts& parts) {
  if (!parts.durable) co_return Result<>{};
  std::vector<std::string> configured;
  for (const config::Plugin& one : config::plugin_instances(parts.options.config)) configured.push_back(one.name);
  parts.marks = std::make_shared<DeliveryMarks>(parts.client, parts.options.config.name_space, *parts.notifiers,
                                                *parts.engine, system_clock(), std::move(configured));
  spawn(parts.executor, "delivery marks", DeliveryMarks::run(parts.marks));
  co_return Result<>{};
}

Task<> note_deliveries(Parts& parts) {
  co_await parts.notifiers->drain(grace);
  if (parts.marks) co_await parts.marks->stop();
}

}  // namespace headwind::app
