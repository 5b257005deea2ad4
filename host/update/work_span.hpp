// SPDX-License-Identifier: Apache-2.0
// What spans of the engine say about whom they are.
#pragma once
#include <string>
#include <string_view>

#include "inventory/workload.hpp"
#include "telemetry/span.hpp"
#include "update/request.hpp"

namespace headwind::update {

// k8s.namespace.name, k8s.deployment.name and its like.
void name_workload(telemetry::Span& span, const inventory::WorkloadKey& workload);
// container.image.name, container.image.tags, oci.manifest.digest; empty ones are left out.
void name_image(telemetry::Span& span, std::string_view repository, const std::string& tag, const std::string& digest);
// The same of a request, and its name.
void name_request(telemetry::Span& span, const UpdateRequest& request);

// `kept`, as the cluster keeps it beside a tracestate: see UpdateRequest::trace.
struct KeptTrace {
  std::string traceparent, tracestate;
};
KeptTrace keep(std::string_view trace);
std::string kept(const std::string& traceparent, const std::string& tracestate);

}  // namespace headwind::update
