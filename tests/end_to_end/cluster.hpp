// SPDX-License-Identifier: Apache-2.0
// The one control plane of these tests, prepared as an administrator does: kubectl apply -f deploy/.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "call.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::end_to_end {

inline constexpr const char* home = "headwind-system";
// Who the operator is in all these tests, with the rights of deploy/20-rbac.yaml and no others.
inline constexpr const char* operator_user = "system:serviceaccount:headwind-system:headwind";

testbed::ControlPlane& plane();
std::filesystem::path source_directory();
// Runs kubectl as the administrator; throws with its words where it fails.
std::string kubectl(std::vector<std::string> arguments);
// Applies the definitions of that file, and waits until all their kinds are served.
void install_definitions(const std::filesystem::path& file);
// Waits until the definitions that `what` names to kubectl are served; throws where they are not within a minute.
void wait_until_served(const std::vector<std::string>& what);

struct Container {
  std::string name, image;
};
// A Deployment, StatefulSet or DaemonSet. Keys of `annotations` are without "headwind.sh/".
struct Workload {
  std::string kind = "Deployment", name = "web";
  std::vector<Container> containers;
  std::vector<std::pair<std::string, std::string>> annotations = {};
  std::vector<std::string> pull_secrets = {};  // of the pod template
  std::string service_account = {};
  std::function<void(Json& object)> adjust = {};  // the object, before it is sent
};
// Policy minor, applied at once.
std::vector<std::pair<std::string, std::string>> automatic();
// Policy minor, waits for a person.
std::vector<std::pair<std::string, std::string>> on_approval();

void create(const std::string& name_space, const Workload& workload);
std::string path_of(const std::string& kind, const std::string& name_space, const std::string& name = {});
Json get(const std::string& path);  // null where there is none
std::string image_of(const Json& workload, const std::string& container = "app");
std::string annotation_of(const Json& workload, const std::string& key);
Json history_of(const Json& workload);  // newest first

// A kubernetes.io/dockerconfigjson for that registry; again: with another account.
void put_pull_secret(const std::string& name_space, const std::string& name, const std::string& host,
                     const std::string& user, const std::string& password);
// A service account whose pods pull with that Secret.
void put_service_account(const std::string& name_space, const std::string& name, const std::string& pull_secret);
// The messages of the Events about that workload, each as often as it was counted; `reason` empty: all.
std::vector<std::string> events_about(const std::string& name_space, const std::string& workload,
                                      const std::string& reason = {});

// Binds a user to a ClusterRole; returns when the server lets them `verb` UpdateRequests.
void bind(const std::string& user, const std::string& role, const std::string& verb);

// UpdateRequests of a namespace.
std::vector<Json> requests(const std::string& name_space);
std::string requests_path(const std::string& name_space, const std::string& name = {});
std::string phase_of(const Json& request);
// What webhooks announced and is not dealt with yet.
Json inbox();

// Writes of the operator in a namespace that the server accepted, Kubernetes Events aside: "patch deployments web".
std::vector<std::string> accepted_writes(const std::string& name_space, std::uint64_t since = 0);

}  // namespace headwind::end_to_end
