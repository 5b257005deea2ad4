// SPDX-License-Identifier: Apache-2.0
#include "app/routes.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <string>

namespace headwind::app {
namespace {

bool fits_glob(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), FNM_NOESCAPE) == 0;
}

bool is_one_of(const std::vector<std::string>& words, std::string_view word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

bool fits(const config::NotificationRoute& route, const update::Notification& notification, const TextMap& labels,
          bool labels_known) {
  return is_one_of(route.events, update::to_string(notification.type)) && is_one_of(route.kinds, notification.kind) &&
         (route.namespaces.empty() ||
          std::any_of(route.namespaces.begin(), route.namespaces.end(),
                      [&](const std::string& glob) { return fits_glob(glob, notification.name_space); })) &&
         (!labels_known || std::all_of(route.labels.begin(), route.labels.end(), [&](const auto& wanted) {
           const auto found = labels.find(wanted.first);
           return found != labels.end() && fits_glob(wanted.second, found->second);
         }));
}

}  // namespace

bool Routes::ask_for_labels() const {
  return std::any_of(routes_.begin(), routes_.end(), [](const auto& route) { return !route.labels.empty(); });
}

bool Routes::lead_to(std::string_view notifier, const update::Notification& notification, const TextMap& labels,
                     bool labels_known) const {
  bool named = false;
  for (const config::NotificationRoute& route : routes_) {
    if (std::find(route.to.begin(), route.to.end(), notifier) == route.to.end()) continue;
    if (fits(route, notification, labels, labels_known)) return true;
    named = true;
  }
  return !named;
}

}  // namespace headwind::app
