// SPDX-License-Identifier: Apache-2.0
// What `kubectl headwind` does. Each command prints its result and returns the exit code.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/api_way.hpp"

namespace headwind::cli {

struct KubectlOptions {
  ApiOptions api;
  bool all_namespaces = false;
  std::string output;              // "", "wide", "json", "yaml"
  std::string phase;               // list: only these, "Pending,Approved"
  std::vector<std::string> words;  // names, a workload, a container, a reason
  std::string kind, container, reason, comment, digest, approver;
  std::optional<unsigned> index;
  bool annotate = false;  // approve, reject: by the annotation, not by Headwind's API
};

// All take what they need by value: they are coroutines.
using Way = std::shared_ptr<ApiWay>;
Task<int> list_requests(Way way, KubectlOptions options);
Task<int> show_requests(Way way, KubectlOptions options);
Task<int> approve_requests(Way way, KubectlOptions options);
Task<int> reject_request(Way way, KubectlOptions options);
Task<int> release_requests(Way way, KubectlOptions options);
Task<int> show_history(Way way, KubectlOptions options);
Task<int> roll_back(Way way, KubectlOptions options);
Task<int> explain_workload(Way way, KubectlOptions options);

// A workload as people name it: "web", "statefulset/db", "web" with --kind.
struct NamedWorkload {
  std::string kind, name;
};
NamedWorkload workload_named(const std::string& word, const std::string& kind);

}  // namespace headwind::cli
