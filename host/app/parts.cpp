// SPDX-License-Identifier: Apache-2.0
#include "app/parts.hpp"

#include <utility>

#include "api/auth.hpp"
#include "app/approval_policy.hpp"
#include "app/delivery_marks.hpp"
#include "app/events.hpp"
#include "app/kind_watch.hpp"
#include "app/notifiers.hpp"
#include "app/policies.hpp"
#include "app/poll_marks.hpp"
#include "app/polling.hpp"
#include "app/pull_secrets.hpp"
#include "app/registries.hpp"
#include "app/reload.hpp"
#include "app/requests.hpp"
#include "app/reviews.hpp"
#include "app/rollouts.hpp"
#include "app/trace_export.hpp"
#include "app/workloads.hpp"
#include "kube/events.hpp"
#include "kube/reflector.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace headwind::app {

Parts::Parts(Executor e, OperatorOptions o) : executor(std::move(e)), options(std::move(o)) {
  seen_at_start = config::stamps_of_files(options.config_file, options.config);
}

Parts::~Parts() {
  *watching = false;
  aside->join();
}

}  // namespace headwind::app
