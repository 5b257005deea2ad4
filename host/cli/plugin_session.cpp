// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_session.hpp"

#include <utility>
#include <vector>

#include "app/instances.hpp"
#include "cli/plugin_directories.hpp"
#include "core/text.hpp"
#include "net/client.hpp"
#include "net/proxy.hpp"
#include "plugin/inspect.hpp"

namespace headwind::cli {

PluginSession::PluginSession(Executor executor, ChosenPlugin chosen, SessionOptions options)
    : executor_(std::move(executor)), chosen_(std::move(chosen)), options_(options) {}

Task<Result<>> PluginSession::open(CallPlace& place, std::string function) {
  if (Result<> fits = plugin::inspect(chosen_.file); !fits) co_return fits.error();  // one that is not there, too
  plugin::HostOptions options;
  options.directories = {chosen_.file};
  options.executable = this_executable();
  options.version = std::string("headwind/") + HEADWIND_VERSION;
  options.dry_run = options_.dry_run;
  Result<std::map<std::string, plugin::Peer>> peers = app::registry_peers(chosen_.config);
  if (!peers) co_return peers.error();
  options.peers = std::move(*peers);
  const Result<net::Proxies> proxies = net::Proxies::of_environment(config::process_environment());
  if (!proxies) co_return proxies.error();
  net::ClientOptions client;
  client.user_agent = options.version;
  client.proxies = *proxies;
  host_ = std::make_unique<plugin::Host>(executor_, std::make_shared<net::Client>(executor_, client), metrics_,
                                         std::move(options));
  host_->load();
  const Result<std::string> id = find();
  if (!id) co_return id.error();
  Result<plugin::InstanceConfig> instance = configure(*id);
  if (!instance) co_return instance.error();
  name_ = instance->name;
  place_ = &place;
  id_ = *id;
  enter("create");
  Result<> made = co_await host_->create(std::move(*instance));
  enter(function);
  co_return made;
}

Result<std::string> PluginSession::find() const {
  const std::string wanted(to_string(options_.kind));
  std::vector<std::string> fitting;
  std::string others;
  for (const plugin::PluginInfo& row : host_->plugins()) {
    if (row.state != "loaded") return make_error(Code::invalid, row.reason);
    if (!chosen_.id.empty() && row.id != chosen_.id) continue;
    if (row.kind == wanted) {
      fitting.push_back(row.id);
    } else {
      others += (others.empty() ? "" : ", ") + row.id + " (" + row.kind + ")";
    }
  }
  const std::string file = chosen_.file.filename().string();
  if (fitting.size() > 1)
    return make_error(Code::invalid, file + " has several plugins of kind " + wanted + ", such as " + fitting[0] +
                                         " and " + fitting[1] + ": name one with --plugin");
  if (!fitting.empty()) return fitting.front();
  if (others.empty())
    return make_error(Code::not_found,
                      file + " has no plugin " + printable(chosen_.id, 200) + ": see headwind plugin list");
  return make_error(Code::invalid, "this function is one of a " + wanted + "; " + file + " has none, but " + others);
}

Result<plugin::InstanceConfig> PluginSession::configure(const std::string& id) {
  plugin::InstanceConfig out;
  out.name = "call";
  out.plugin = id;
  auto settings = chosen_.settings.find(id);
  if (settings == chosen_.settings.end()) settings = chosen_.settings.find("");
  out.settings = settings == chosen_.settings.end() ? "{}" : settings->second;
  if (const auto configured = chosen_.configured.find(id); configured != chosen_.configured.end()) {
    out.name = configured->second.name;
    for (const auto& [name, reference] : configured->second.secrets) {
      if (chosen_.secrets.contains(name)) continue;
      Result<std::string> value = config::read_secret(reference, config::process_environment());
      if (!value) return value.error();  // names the field
      out.secrets[name] = std::move(*value);
    }
  }
  for (const auto& [name, value] : chosen_.secrets) out.secrets[name] = value;
  for (const char* function : {"create", "list_tags", "resolve", "platforms", "parse_webhook", "describe", "images",
                               "rollout", "choose", "send"})
    out.deadlines[function] = options_.patience;
  return out;
}

}  // namespace headwind::cli
