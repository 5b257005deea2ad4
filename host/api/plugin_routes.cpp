// SPDX-License-Identifier: Apache-2.0
#include "api/plugin_routes.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/response.hpp"
#include "core/clock.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

json json_of(const PluginFile& plugin) {
  json object{{"file", plugin.file}, {"state", plugin.state}};
  for (const auto& [key, value] :
       {std::pair{"id", &plugin.id}, std::pair{"version", &plugin.version}, std::pair{"kind", &plugin.kind},
        std::pair{"summary", &plugin.summary}, std::pair{"reason", &plugin.reason}})
    if (!value->empty()) object[key] = *value;
  return object;
}

json json_of(const PluginInstance& instance) {
  json object{{"name", instance.name},
              {"plugin", instance.plugin},
              {"state", instance.state},
              {"calls", instance.calls},
              {"inFlight", instance.in_flight},
              {"errors", json::object()},
              {"since", format_rfc3339(instance.since_ms)}};
  if (!instance.kind.empty()) object["kind"] = instance.kind;
  for (const auto& [status, count] : instance.errors) object["errors"][status] = count;
  if (!instance.reason.empty()) object["reason"] = instance.reason;
  if (!instance.last_error.empty())
    object["lastError"] = {{"message", instance.last_error}, {"at", format_rfc3339(instance.last_error_ms)}};
  return object;
}

Task<net::ServerResponse> list(Gate& gate, std::shared_ptr<const PluginSource> source, Call call) {
  Admission admission = co_await gate.admit(call.request.headers, {"list", "", ""});
  if (admission.refusal) co_return std::move(*admission.refusal);
  const PluginList all = *source ? (*source)() : PluginList();
  json answer{{"plugins", json::array()}, {"instances", json::array()}};
  for (const PluginFile& plugin : all.plugins) answer["plugins"].push_back(json_of(plugin));
  for (const PluginInstance& instance : all.instances) answer["instances"].push_back(json_of(instance));
  co_return json_response(200, answer.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

void add_plugin_routes(Router& router, Gate& gate, PluginSource source) {
  const auto kept = std::make_shared<const PluginSource>(std::move(source));
  router.add("GET", "/api/v1/plugins", [&gate, kept](Call call) { return list(gate, kept, std::move(call)); });
}

}  // namespace headwind::api
