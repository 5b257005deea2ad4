// SPDX-License-Identifier: Apache-2.0
#include "update/work_span.hpp"

#include <array>
#include <vector>

#include "core/text.hpp"
#include "update/request_book.hpp"

namespace headwind::update {

void name_workload(telemetry::Span& span, const inventory::WorkloadKey& workload) {
  if (!span.is_recorded()) return;
  span.set("k8s.namespace.name", workload.name_space.str());
  static constexpr std::array<std::string_view, 4> kinds{"Deployment", "StatefulSet", "DaemonSet", "CronJob"};
  for (const std::string_view kind : kinds)
    if (workload.kind == kind) return span.set("k8s." + to_lower(kind) + ".name", workload.name);
  span.set("headwind.workload.kind", workload.kind.str());
  span.set("headwind.workload.name", workload.name);
}

void name_image(telemetry::Span& span, std::string_view repository, const std::string& tag, const std::string& digest) {
  if (!span.is_recorded()) return;
  if (!repository.empty()) span.set("container.image.name", std::string(repository));
  if (!tag.empty()) span.set("container.image.tags", std::vector<std::string>{tag});
  if (!digest.empty()) span.set("oci.manifest.digest", digest);
}

void name_request(telemetry::Span& span, const UpdateRequest& request) {
  if (!span.is_recorded()) return;
  name_workload(span, target_of(request));
  span.set("headwind.request.name", request.key.name);
  span.set("headwind.image.from", request.current_image);
  span.set("headwind.image.to", request.new_image);
  if (!request.digest.empty()) span.set("oci.manifest.digest", request.digest);
}

KeptTrace keep(std::string_view trace) {
  const auto context = telemetry::parse_trace_text(trace);
  return context ? KeptTrace{telemetry::traceparent_of(*context), context->state} : KeptTrace{};
}

std::string kept(const std::string& traceparent, const std::string& tracestate) {
  return tracestate.empty() ? traceparent : traceparent + " " + tracestate;
}

}  // namespace headwind::update
