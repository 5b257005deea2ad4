// SPDX-License-Identifier: Apache-2.0
#include "api/named_workload.hpp"

#include <utility>

#include "api/order.hpp"
#include "api/response.hpp"
#include "core/symbol.hpp"

namespace headwind::api {

net::ServerResponse NamedWorkload::not_found() const {
  return problem(404, kind + " not found, or it has no headwind.sh/policy: " + name_space + "/" + name);
}

Task<NamedWorkload> admit_to_workload(const update::Engine& engine, Gate& gate, Call call) {
  NamedWorkload workload{call.parameter("kind"), call.parameter("namespace"), call.parameter("name"), {}, {}};
  Admission admission = co_await gate.admit(call.request.headers, {"get", workload.name_space, ""});
  if (admission.refusal)
    workload.refusal = std::move(*admission.refusal);
  else if (!engine.ready())
    workload.refusal = still_starting();
  else if (!Symbol::exists(workload.kind) || !Symbol::exists(workload.name_space))
    workload.refusal = workload.not_found();
  else
    workload.key = inventory::WorkloadKey{workload.kind, workload.name_space, workload.name};
  co_return workload;
}

}  // namespace headwind::api
