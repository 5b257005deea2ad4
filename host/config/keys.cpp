// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include <algorithm>
#include <array>

#include "config/log_filter.hpp"
#include "config/structures.hpp"
#include "config/values.hpp"

namespace headwind::config {
namespace {

// "registryAliases" -> "REGISTRY_ALIASES", "ports.api.port" -> "PORTS_API_PORT"
std::string variable_of(std::string_view path) {
  std::string name = "HEADWIND_";
  for (const char c : path) {
    if (c >= 'A' && c <= 'Z') name += '_';
    name += c == '.' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return name;
}

template <std::string Config::* Member>
Problem set_text(Config& config, std::string_view value) {
  config.*Member = value;
  return {};
}

template <std::string Port::* Member>
Problem set_port_text(Port& port, std::string_view value) {
  port.*Member = value;
  return {};
}

template <std::chrono::seconds Config::* Member>
Problem set_duration(Config& config, std::string_view value) {
  return read_seconds(value, config.*Member);
}

template <std::uint32_t Config::* Member>
Problem set_count(Config& config, std::string_view value) {
  return read_number(value, 0, 1'000'000, config.*Member);
}

template <std::string Config::* Member>
Problem set_link(Config& config, std::string_view value) {
  if (auto problem = check_http_url(value); problem && !value.empty()) return problem;
  while (value.ends_with('/')) value.remove_suffix(1);
  config.*Member = value;
  return {};
}

Problem set_namespace(Config& config, std::string_view value) {
  if (!is_dns_label(value)) return "must be the name of a namespace, such as headwind-system";
  config.name_space = value;
  return {};
}

Problem set_watch_namespace(Config& config, std::string_view value) {
  if (!is_dns_label(value)) return "must be the name of one namespace, such as shop; leave it out to watch all";
  config.watch_namespace = value;
  return {};
}

Problem set_auth_mode(Config& config, std::string_view value) {
  if (value == "auto") {
    config.auth = AuthMode::automatic;
  } else if (value == "token") {
    config.auth = AuthMode::token;
  } else if (value == "none") {
    config.auth = AuthMode::none;
  } else {
    return one_of(value, {"auto", "token", "none"});
  }
  return {};
}

Problem set_log_level(Config& config, std::string_view value) {
  if (const auto filter = parse_log_filter(value); !filter) return filter.error().message;
  config.log_level = value;
  return {};
}

Problem set_log_format(Config& config, std::string_view value) {
  if (value != "json" && value != "text") return one_of(value, {"json", "text"});
  config.log_format = value;
  return {};
}

Problem set_port_number(Port& port, std::string_view value) {
  return read_number(value, 0, 65535, port.port);  // 0: any free one, for tests
}

Problem set_address(Port& port, std::string_view value) {
  if (!is_ip_address(value)) return "must be an IP address, such as 0.0.0.0, 127.0.0.1 or ::";
  port.address = value;
  return {};
}

// A variable that is empty counts as not set, so the word stands for nothing.
Problem set_journal_directory(Config& config, std::string_view value) {
  if (value != "none" && !value.starts_with('/')) return "must be an absolute path, or none";
  config.plugin_journal_directory = value == "none" ? std::string_view() : value;
  return {};
}

Problem set_audit_sink(Config& config, std::string_view value) {
  if (value == "off") {
    config.audit = AuditTo::off;
  } else if (value == "stdout") {
    config.audit = AuditTo::standard_output;
  } else if (value == "file") {
    config.audit = AuditTo::file;
  } else {
    return one_of(value, {"stdout", "file", "off"});
  }
  return {};
}

Problem set_audit_file(Config& config, std::string_view value) {
  config.audit_file = value;  // in any case: one that is wrong is not missing, too
  if (!value.empty() && !value.starts_with('/')) return "must be an absolute path";
  return {};
}

Problem set_sweep_mode(Config& config, std::string_view value) {
  if (value == "off") {
    config.sweep = SweepMode::off;
  } else if (value == "report") {
    config.sweep = SweepMode::report;
  } else if (value == "apply") {
    config.sweep = SweepMode::apply;
  } else {
    return one_of(value, {"off", "report", "apply"});
  }
  return {};
}

Problem set_reload_mode(Config& config, std::string_view value) {
  if (value == "watch") {
    config.reload = ReloadMode::watch;
  } else if (value == "signal") {
    config.reload = ReloadMode::signal;
  } else {
    return one_of(value, {"watch", "signal"});
  }
  return {};
}

Problem set_keep_trying(Config& config, std::string_view value) {
  std::chrono::seconds time{};
  if (auto problem = read_seconds(value, time)) return problem;
  if (time < std::chrono::minutes(1) || time > std::chrono::hours(24 * 30)) return "must be from 1m to 720h";
  config.keep_trying = time;
  return {};
}

// "50%": the sign is part of it, so that nobody takes 0.5 for a half.
Problem set_shrink_share(Config& config, std::string_view value) {
  if (!value.ends_with('%')) return "must be a share in percent, such as 50%";
  value.remove_suffix(1);
  std::uint32_t percent = 0;
  if (read_number(value, 1, 100, percent)) return "must be from 1% to 100%";
  config.polling_shrink_percent = percent;
  return {};
}

void add_scalar(std::vector<Key>& table, std::string path, std::string former, std::string meaning,
                Problem (*set)(Config&, std::string_view)) {
  Key key;
  key.path = std::move(path);
  key.former = std::move(former);
  key.meaning = std::move(meaning);
  key.set = set;
  table.push_back(std::move(key));
}

void add_port(std::vector<Key>& table, const std::string& name, Port Config::* port, const std::string& serves) {
  const auto add = [&](const char* leaf, const char* meaning, Problem (*set)(Port&, std::string_view)) {
    Key key;
    key.path = "ports." + name + "." + leaf;
    key.meaning = std::string(meaning) + " of the port that serves " + serves;
    key.set_port = set;
    key.port = port;
    table.push_back(std::move(key));
  };
  add("address", "address", set_address);
  add("port", "number", set_port_number);
  add("certificateFile", "PEM file with the certificate chain", set_port_text<&Port::certificate_file>);
  add("keyFile", "PEM file with the private key", set_port_text<&Port::key_file>);
}

void add_structure(std::vector<Key>& table, std::string path, std::string meaning,
                   void (*read)(Config&, const YamlNode&, std::string_view, Report&)) {
  Key key;
  key.path = std::move(path);
  key.meaning = std::move(meaning);
  key.read = read;
  table.push_back(std::move(key));
}

std::vector<Key> make_table() {
  std::vector<Key> table;
  add_scalar(table, "kubernetes.kubeconfig", "", "kubeconfig file; empty: in-cluster, $KUBECONFIG, ~/.kube/config",
             set_text<&Config::kubeconfig>);
  add_scalar(table, "kubernetes.context", "", "context of the kubeconfig; empty: its current one",
             set_text<&Config::context>);
  add_scalar(table, "kubernetes.namespace", "HEADWIND_NAMESPACE", "namespace of Headwind's own objects", set_namespace);
  add_scalar(table, "kubernetes.watchNamespace", "", "the one namespace whose workloads are followed; empty: all",
             set_watch_namespace);
  add_port(table, "webhooks", &Config::webhooks, "webhooks");
  add_port(table, "api", &Config::api, "approvals and rollbacks");
  add_port(table, "metrics", &Config::metrics, "metrics and health");
  add_scalar(table, "auth.mode", "", "auto (token in a cluster), token (TokenReview) or none (open, warns)",
             set_auth_mode);
  add_structure(table, "webhooks",
                "NAME of /webhook/NAME (any: /webhook) -> style (header, basic, bearer, hmac, hmac-sha1, path, oidc), "
                "header, secret, previousSecret; audience, serviceAccount, subject, issuer, keysUrl of oidc; host and "
                "repositories of senders that name no host",
                read_webhooks);
  add_structure(
      table, "registries",
      "registry host or pattern -> plugin, endpoint, mirrors, tokenHosts, caFile, certificateFile, keyFile, insecure, "
      "username, password, identity",
      read_registries);
  add_structure(table, "registryAliases", "registry host in an event -> the host that images name", read_aliases);
  add_structure(table, "plugins.directories", "where plugins lie; empty: beside the program, then where installed",
                read_directories);
  add_scalar(table, "plugins.journalDirectory", "",
             "writable directory of the crash journal, which names the plugin that crashed us; none: no journal",
             set_journal_directory);
  add_structure(table, "plugins.instances", "name, plugin, settings, secrets, deadlines of each instance",
                read_instances);
  add_scalar(table, "updates.minInterval", "", "least time between two updates of a workload without the annotation",
             set_duration<&Config::min_update_interval>);
  add_scalar(table, "updates.requestLifetime", "", "how long an UpdateRequest waits for a person",
             set_duration<&Config::request_lifetime>);
  add_scalar(table, "approvals.excludeTrigger", "", "whoever made a request by hand may not approve it",
             [](Config& config, std::string_view value) { return read_bool(value, config.exclude_trigger); });
  add_scalar(table, "polling.enabled", "", "read tag lists for workloads whose event-source is polling or both",
             [](Config& config, std::string_view value) { return read_bool(value, config.polling); });
  add_scalar(
      table, "polling.interval", "", "how often, where headwind.sh/polling-interval does not say",
      [](Config& config, std::string_view value) { return read_polling_interval(value, config.polling_interval); });
  add_scalar(table, "polling.shrinkShare", "", "a list that lost more than this at once is read three times: 50%",
             set_shrink_share);
  add_scalar(table, "helm.autoDiscovery", "", "look for newer charts of HelmReleases, also where polling is off",
             [](Config& config, std::string_view value) { return read_bool(value, config.chart_discovery); });
  add_structure(table, "helm.sourceNamespaces",
                "namespaces whose OCIRepositories are changed for HelmReleases of other namespaces; empty: none",
                read_source_namespaces);
  add_scalar(table, "sweep.mode", "", "off, report or apply pushes that no webhook announced", set_sweep_mode);
  add_scalar(
      table, "sweep.interval", "", "how often each repository is swept",
      [](Config& config, std::string_view value) { return read_polling_interval(value, config.sweep_interval); });
  add_scalar(table, "rollouts.settle", "", "how long a rollout must stay complete before it counts as good",
             set_duration<&Config::rollout_settle>);
  add_scalar(table, "rollouts.checkInterval", "", "time between two looks of headwind.sh/health-check-retries",
             set_duration<&Config::rollout_check_interval>);
  add_scalar(table, "rollouts.maxConcurrent", "", "rollouts under way at once; more wait in a queue; 0: no limit",
             set_count<&Config::max_rollouts>);
  add_scalar(table, "rollouts.maxConcurrentPerNamespace", "", "the same for each namespace; 0: no limit",
             set_count<&Config::max_rollouts_per_namespace>);
  add_scalar(table, "notifications.keepTrying", "", "how long a notifier that fails is told again; then a dead letter",
             set_keep_trying);
  add_structure(table, "notifications.routes",
                "who is told of what: to (notifier instances), namespaces, events, kinds, labels of each route; a "
                "notifier that none names is told everything",
                read_routes);
  add_structure(table, "platforms", "that images must run on: linux/amd64, ...; empty: those of the one that runs",
                read_platforms);
  add_scalar(table, "reload", "", "watch: a changed file or Secret is taken up; signal: only at SIGHUP",
             set_reload_mode);
  add_structure(
      table, "telemetry.traces",
      "endpoint of a collector of OpenTelemetry traces, headers (secrets), compression, timeout, serviceName, "
      "resourceAttributes, sampler, samplerRatio, queueSize, batchSize, delay, exportTimeout, caFile, "
      "certificateFile, keyFile; OTEL_... variables rank higher",
      read_traces);
  add_scalar(table, "links.api", "HEADWIND_API_URL", "address of the approval API in notifications",
             set_link<&Config::api_url>);
  add_scalar(table, "links.ui", "HEADWIND_UI_URL", "address of the dashboard in notifications; empty: none",
             set_link<&Config::ui_url>);
  add_scalar(table, "log.level", "RUST_LOG", "trace, debug, info, warn, error or off; or room=level, by commas",
             set_log_level);
  add_scalar(table, "log.format", "", "json or text", set_log_format);
  add_scalar(table, "audit.sink", "", "stdout, file or off: where it is told who approved, changed and applied what",
             set_audit_sink);
  add_scalar(table, "audit.file", "", "file of audit.sink file; it is made with mode 0600 and grows", set_audit_file);
  for (Key& key : table) key.environment = variable_of(key.path);
  return table;
}

// Who listens there has the port of each address.
bool is_every_address(std::string_view address) { return address == "0.0.0.0" || address == "::"; }

}  // namespace

Problem Key::apply(Config& config, std::string_view value) const {
  return set ? set(config, value) : set_port(config.*port, value);
}

const std::vector<Key>& keys() {
  static const std::vector<Key> table = make_table();
  return table;
}

const Key* key_at(std::string_view path) {
  const auto found = std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.path == path; });
  return found == keys().end() ? nullptr : &*found;
}

void check_whole(const Config& config, Report& report) {
  struct Named {
    const char* name;
    const Port& port;
  };
  if (config.audit == AuditTo::file && config.audit_file.empty())
    report.add("audit.file", "must name a file where audit.sink is file");
  const std::array<Named, 3> ports{
      {{"ports.webhooks", config.webhooks}, {"ports.api", config.api}, {"ports.metrics", config.metrics}}};
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Port& port = ports[i].port;
    if (port.certificate_file.empty() != port.key_file.empty()) {
      report.add(ports[i].name, "needs both certificateFile and keyFile, or neither");
    }
    for (std::size_t j = 0; j < i; ++j) {
      const std::string& other = ports[j].port.address;
      const bool meet = port.address == other || is_every_address(port.address) || is_every_address(other);
      if (port.port == 0 || port.port != ports[j].port.port || !meet) continue;
      report.add(ports[i].name, (port.address == other ? "has the same address and port as "
                                                       : "has the same port, on an address that both listen on, as ") +
                                    std::string(ports[j].name));
    }
  }
}

}  // namespace headwind::config
