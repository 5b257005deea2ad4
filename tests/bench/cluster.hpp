// SPDX-License-Identifier: Apache-2.0
// The control plane and the Deployments that are measured: of a usual size, each with a full history where asked.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "testbed/control_plane.hpp"

namespace headwind::bench {

inline constexpr const char* kNamespace = "shop";
inline constexpr const char* kDeployments = "/apis/apps/v1/namespaces/shop/deployments";

// With what the operator needs: its namespace, its definition; and the namespace of the Deployments.
std::unique_ptr<testbed::ControlPlane> start_cluster(const testbed::Options& options = {});

enum class History : std::uint8_t { none, full };
// Policy patch, without an interval between updates.
struct Load {
  std::size_t count = 1;
  History history = History::full;
  std::function<std::string(std::size_t index)> image = {};  // empty: nginx:1.25.0 for all
  bool approved = false;                                     // a person decides; otherwise each is updated at once
  bool polled = false;                                       // their event-source is polling
  int replicas = 0;                                          // 0: no pods
};
void create_deployments(testbed::ControlPlane& cluster, const Load& load);
// A history of ten entries to all of them.
void add_histories(testbed::ControlPlane& cluster, std::size_t count);

// All Deployments as the server writes them, read in pages.
std::vector<std::string> read_deployments(testbed::ControlPlane& cluster);

// The JSON patches that move each of `deployments` (their JSON) to `image`: byte for byte what the operator sends.
std::vector<testbed::ControlPlane::Call> patches_to(const std::vector<std::string>& deployments,
                                                    const std::string& image, const std::string& digest);

}  // namespace headwind::bench
