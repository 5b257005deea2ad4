// SPDX-License-Identifier: Apache-2.0
// A cluster with our definition and our policy, and people in it: alice and bob may approve with kubectl, carol may
// write requests and approve nothing, dora may change requests, the operator is Headwind.
#pragma once
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "net/loop.hpp"
#include "testbed/gtest.hpp"

namespace headwind::deploy {

using Json = nlohmann::json;

class PolicyCluster : public net::test::Loop {
 protected:
  static constexpr const char* kPolicies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/";
  static constexpr const char* kBindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/";
  static constexpr const char* kName = "approvals-v1.headwind.sh";
  static constexpr const char* kRequests = "/apis/headwind.sh/v1alpha1/namespaces/default/updaterequests";

  void SetUp() override;
  static testbed::ControlPlane& plane();
  static std::string source();

  // Policy and binding as they are shipped, made now; returns when the server enforces them.
  void make_policy();
  void remove_policy();

  // A request of that name as `who` makes it; the answer of the server.
  testbed::Answer create(const std::string& name, const std::string& who = "admin", const Json& metadata = {});
  // A merge patch of its annotations by `who`.
  testbed::Answer annotate(const std::string& name, const std::string& who, const Json& annotations);
  testbed::Answer patch(const std::string& name, const std::string& who, const Json& merge,
                        const std::string& subresource = {});
  std::string annotation(const std::string& name, const std::string& key);
};

}  // namespace headwind::deploy
