// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "core/text.hpp"
#include "update/notification.hpp"

namespace headwind::app {

// Who is told of what: notifications.routes of the configuration.
class Routes {
 public:
  Routes() = default;  // everybody is told everything
  explicit Routes(std::vector<config::NotificationRoute> routes) : routes_(std::move(routes)) {}

  // Whether any of them looks at the labels of workloads.
  bool ask_for_labels() const;
  // A notifier that no route names is told everything; else what fits one of its routes. `labels`: the workload's;
  // where they are not known, whatever a route wants of them is taken as given.
  bool lead_to(std::string_view notifier, const update::Notification& notification, const TextMap& labels,
               bool labels_known = true) const;

 private:
  std::vector<config::NotificationRoute> routes_;
};

}  // namespace headwind::app
