// SPDX-License-Identifier: Apache-2.0
#include "app/instances.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "core/host_pattern.hpp"
#include "net/trial.hpp"
#include "net/url.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

bool is_notifier(std::string_view plugin) { return plugin.find(".notifier.") != std::string_view::npos; }

// Under which name the HTTP service knows the host: that of its endpoint, where it has one. Docker Hub is served under
// another name than images call it; its token server has its own, as those of all registries.
std::string peer_name(const config::RegistryHost& host) {
  const Result<net::Url> url = net::parse_url(host.endpoint);
  if (url) return url->authority;
  const bool is_hub = host.host == "docker.io" || host.host == "index.docker.io";
  return is_hub ? "registry-1.docker.io" : host.host;
}

bool is_special(const config::RegistryHost& host) {
  return !host.ca_file.empty() || !host.certificate_file.empty() || host.insecure;
}

// Of the entry for that host: its own, else the longest pattern that fits. Null: there is none.
const config::RegistryHost* entry_of(const config::Config& config, std::string_view host) {
  const config::RegistryHost* best = nullptr;
  for (const config::RegistryHost& one : config.registries)
    if (host_fits(one.host, host) && (best == nullptr || is_more_special(one.host, best->host))) best = &one;
  return best;
}

Error unproven(const config::RegistryHost& shown, std::string_view place, const config::RegistryHost& careless) {
  return make_error(Code::invalid, "registries." + shown.host + ".identity is shown to " + std::string(place) +
                                       ", whose certificate registries." + careless.host +
                                       ".insecure leaves unverified: remove one");
}

// Who we are in a cloud is shown to nobody unproven: neither where an entry's endpoint is another's place, nor where
// another entry's endpoint is a place of its own.
Result<> check_identities(const config::Config& config) {
  for (const config::RegistryHost& careless : config.registries) {
    if (!careless.insecure) continue;
    const std::string place = peer_name(careless);
    for (const config::RegistryHost& shown : config.registries)
      if (!shown.identity.empty() && peer_name(shown) == place) return unproven(shown, place, careless);
    const config::RegistryHost* shown = entry_of(config, place);
    if (shown != nullptr && !shown->identity.empty() && shown->endpoint.empty())
      return unproven(*shown, place, careless);
  }
  for (const config::RegistryHost& shown : config.registries) {
    if (shown.identity.empty() || shown.endpoint.empty()) continue;
    const std::string place = peer_name(shown);
    const config::RegistryHost* entry = entry_of(config, place);
    if (entry != nullptr && entry->insecure) return unproven(shown, place, *entry);
  }
  return {};
}

// `what` is the end of the lines that begin such a thing: "RSA PRIVATE KEY-----", too.
Result<std::string> read_pem(const config::RegistryHost& host, const char* key, const std::string& name,
                             const std::string& what) {
  if (name.empty()) return std::string();
  const auto refused = [&](const std::string& why) {
    return make_error(Code::invalid, "registries." + host.host + "." + key + ": the file " + name + " " + why);
  };
  std::ifstream file(name, std::ios::binary);
  if (!file) return refused("cannot be read; check its path and mode");
  std::ostringstream text;
  text << file.rdbuf();
  std::string pem = std::move(text).str();
  // Else OpenSSL says it, at the first request and of no file.
  const std::size_t begin = pem.find("-----BEGIN ");
  if (begin == std::string::npos || pem.find(what + "-----", begin) == std::string::npos)
    return refused("is not PEM; it must hold -----BEGIN " + what + "-----");
  return pem;
}

}  // namespace

Result<plugin::InstanceConfig> instance_from(const config::Plugin& wanted, const TextMap& environment) {
  plugin::InstanceConfig instance;
  instance.name = wanted.name;
  instance.plugin = wanted.plugin;
  instance.settings = wanted.settings.empty() ? "{}" : wanted.settings;
  instance.deadlines = wanted.deadlines;
  for (const auto& [name, reference] : wanted.secrets) {
    const Result<std::string> value = config::read_secret(reference, environment);
    if (!value) return value.error();
    instance.secrets[name] = *value;
  }
  return instance;
}

bool is_needed(const config::Plugin& wanted) {
  return !is_notifier(wanted.plugin) && config::is_bundled_instance(wanted.name);
}

Task<Result<>> create_instances(plugin::Host& host, const config::Config& config, const TextMap& environment,
                                Refusals& refusals) {
  const std::vector<config::Plugin> wanted = config::plugin_instances(config);
  for (const config::Plugin& plugin : wanted) {
    Result<plugin::InstanceConfig> instance = instance_from(plugin, environment);
    Result<> created;
    if (instance)
      created = co_await host.create(*instance);
    else
      created = instance.error();
    if (created) continue;
    if (is_needed(plugin)) co_return created.error();
    refusals.note(plugin.name, plugin.plugin, kind_of(host, plugin.plugin), created.error());
    telemetry::error("app", "plugin instance refused; the rest starts",
                     {{"instance", plugin.name}, {"plugin", plugin.plugin}, {"error", created.error().message}});
  }
  co_return Result<>{};
}

void connect_notifiers(const plugin::Host& host, const config::Config& config, PluginNotifiers& notifiers) {
  Backlog::Pauses pauses;
  pauses.keep_trying = config.keep_trying;
  notifiers.set_pauses(pauses);
  notifiers.set_routes(Routes(config.notification_routes));
  const std::vector<config::Plugin> wanted = config::plugin_instances(config);
  for (const plugin::Notifier& notifier : host.notifiers()) {
    const auto found = std::find_if(wanted.begin(), wanted.end(),
                                    [&](const config::Plugin& plugin) { return plugin.name == notifier.name(); });
    notifiers.add(notifier, found == wanted.end() ? std::string_view{} : std::string_view(found->plugin));
  }
}

Result<std::map<std::string, plugin::Peer>> registry_peers(const config::Config& config) {
  if (const Result<> checked = check_identities(config); !checked) return checked.error();
  std::map<std::string, plugin::Peer> peers;
  for (const config::RegistryHost& host : config.registries) {
    if (!is_special(host)) {
      // As for everyone, then, and not as a pattern says: an entry holds as a whole. Of a place of others that it leads
      // to it says nothing.
      const bool leads_elsewhere = !host.endpoint.empty() && peer_name(host) != host.host;
      if (!leads_elsewhere) peers.try_emplace(peer_name(host));
      continue;
    }
    auto tls = std::make_shared<net::TlsSettings>();
    tls->insecure = host.insecure;
    Result<std::string> ca = read_pem(host, "caFile", host.ca_file, "CERTIFICATE");
    if (!ca) return ca.error();
    Result<std::string> certificate = read_pem(host, "certificateFile", host.certificate_file, "CERTIFICATE");
    if (!certificate) return certificate.error();
    Result<std::string> key = read_pem(host, "keyFile", host.key_file, "PRIVATE KEY");
    if (!key) return key.error();
    tls->ca_pem = std::move(*ca);
    tls->certificate_pem = std::move(*certificate);
    tls->key_pem = std::move(*key);
    if (const Result<> fits = net::try_settings(*tls); !fits)
      return in_context(fits.error(), "registries." + host.host);
    // Mirrors have entries of their own where they need any.
    peers[peer_name(host)].tls = std::move(tls);
  }
  return peers;
}

}  // namespace headwind::app
