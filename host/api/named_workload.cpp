// SPDX-License-Identifier: Apache-2.0
#include "api/named_workload.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/order.hpp"
#include "api/response.hpp"
#include "core/symbol.hpp"
#include "core/text.hpp"

namespace headwind::api {

std::string no_such_workload(const update::Engine& engine, std::string_view kind, std::string_view name_space,
                             std::string_view name) {
  const std::vector<Symbol> followed = engine.kinds();
  std::vector<std::string> names;
  std::string_view near;
  for (const Symbol& one : followed) {
    names.push_back(one.str());
    if (equals_ignoring_case(one.str(), kind)) near = one.str();
  }
  if (names.empty() || std::find(names.begin(), names.end(), kind) != names.end())
    return std::string(kind) + " not found, or it has no headwind.sh/policy: " + std::string(name_space) + "/" +
           std::string(name);
  if (near.empty()) near = nearest(kind, {names.begin(), names.end()});
  return "There is no kind '" + printable(kind, 100) +
         "' here: " + (near.empty() ? "there are " + join(names) + "." : "did you mean " + std::string(near) + "?");
}

net::ServerResponse NamedWorkload::not_found(const update::Engine& engine) const {
  return problem(404, no_such_workload(engine, kind, name_space, name));
}

Task<NamedWorkload> admit_to_workload(const update::Engine& engine, Gate& gate, Call call) {
  NamedWorkload workload{call.parameter("kind"), call.parameter("namespace"), call.parameter("name"), {}, {}};
  Admission admission = co_await gate.admit(call.request.headers, {"get", workload.name_space, ""});
  if (admission.refusal)
    workload.refusal = std::move(*admission.refusal);
  else if (!engine.ready())
    workload.refusal = still_starting();
  else if (!Symbol::exists(workload.kind) || !Symbol::exists(workload.name_space))
    workload.refusal = workload.not_found(engine);
  else
    workload.key = inventory::WorkloadKey{workload.kind, workload.name_space, workload.name};
  co_return workload;
}

}  // namespace headwind::api
