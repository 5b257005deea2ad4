// SPDX-License-Identifier: Apache-2.0
#include "config/key_defaults.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwind::config {
namespace {

using Default = std::pair<std::string_view, std::string_view>;

constexpr std::array<Default, 28> defaults{{{"kubernetes.namespace", "headwind-system"},
                                            {"ports.webhooks.address", "0.0.0.0"},
                                            {"ports.webhooks.port", "8080"},
                                            {"ports.api.address", "0.0.0.0"},
                                            {"ports.api.port", "8081"},
                                            {"ports.metrics.address", "0.0.0.0"},
                                            {"ports.metrics.port", "9090"},
                                            {"auth.mode", "auto"},
                                            {"plugins.journalDirectory", "/var/lib/headwind"},
                                            {"updates.minInterval", "5m"},
                                            {"updates.requestLifetime", "24h"},
                                            {"approvals.excludeTrigger", "false"},
                                            {"polling.enabled", "false"},
                                            {"polling.interval", "5m"},
                                            {"polling.shrinkShare", "50%"},
                                            {"helm.autoDiscovery", "true"},
                                            {"sweep.mode", "off"},
                                            {"sweep.interval", "6h"},
                                            {"rollouts.settle", "10s"},
                                            {"rollouts.checkInterval", "10s"},
                                            {"rollouts.maxConcurrent", "0"},
                                            {"rollouts.maxConcurrentPerNamespace", "0"},
                                            {"notifications.keepTrying", "24h"},
                                            {"reload", "watch"},
                                            {"links.api", "http://localhost:8081"},
                                            {"log.level", "info"},
                                            {"log.format", "json"},
                                            {"audit.sink", "stdout"}}};

}  // namespace

std::string_view default_of(std::string_view path) {
  const auto found = std::ranges::find(defaults, path, &Default::first);
  return found == defaults.end() ? std::string_view() : found->second;
}

}  // namespace headwind::config
