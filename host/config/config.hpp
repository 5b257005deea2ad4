// SPDX-License-Identifier: Apache-2.0
// The whole configuration, typed. Defaults < file < ConfigMap of Headwind 0.1.x < environment.
// `headwind config keys` prints every key of the file with its environment variable (keys.hpp has the table).
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/traces.hpp"
#include "core/result.hpp"
#include "core/text.hpp"

namespace headwind::config {

struct Port {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;
  std::string certificate_file, key_file;  // TLS where both are set
  bool operator==(const Port&) const = default;
};

// The senders that have a path of their own, /webhook/NAME; "any" is /webhook itself, which recognises them.
inline constexpr std::array<std::string_view, 18> webhook_endpoints{
    "registry", "dockerhub", "harbor", "ghcr",  "quay", "acr",    "gar",         "ecr",   "gitea",
    "forgejo",  "gitlab",    "jfrog",  "nexus", "zot",  "aliyun", "cloudevents", "image", "any"};

// A secret by reference: a file, or an environment variable. Never its value.
struct SecretReference {
  std::string file, environment;
  std::string field;  // where it stands, for errors: "registries.docker.io.password"
  bool empty() const { return file.empty() && environment.empty(); }
  bool operator==(const SecretReference&) const = default;
};

// Where something stands in its file. A thing that is written elsewhere is the same thing.
struct Written {
  std::string at;
  bool operator==(const Written&) const { return true; }
};

enum class AuthMode : std::uint8_t {
  automatic,
  token,
  none
};  // automatic: token in a cluster, none outside on loopback

enum class SweepMode : std::uint8_t { off, report, apply };

// When a changed configuration is taken up: at SIGHUP alone, or also when one of its files has changed.
enum class ReloadMode : std::uint8_t { watch, signal };

// Where the audit stream goes.
enum class AuditTo : std::uint8_t { off, standard_output, file };

struct Plugin {          // an instance
  std::string name;      // "slack-ops"
  std::string plugin;    // "headwind.notifier.slack"
  std::string settings;  // JSON object
  std::map<std::string, SecretReference> secrets;
  std::map<std::string, std::chrono::milliseconds> deadlines;
  Written place;  // where it is written: "c.yaml:3:13: plugins.instances[0]"; empty: nowhere, it is implied
  bool operator==(const Plugin&) const = default;
};

// What may be told, by its name in notifications and in notifications.routes.
inline constexpr std::array<std::string_view, 10> notification_events{
    "update_detected", "update_request_created", "update_approved",    "update_rejected",    "update_completed",
    "update_failed",   "rollout_completed",      "rollback_triggered", "rollback_completed", "rollback_failed"};

// Who is told of what. An empty list is no limit.
struct NotificationRoute {
  std::vector<std::string> to;                // names of notifier instances
  std::vector<std::string> namespaces;        // with * and ?: "shop-*"
  std::vector<std::string> events;            // of notification_events
  std::vector<std::string> kinds;             // "Deployment"
  std::map<std::string, std::string> labels;  // of the workload: all of them; values with * and ?
  std::vector<Written> places;                // each of `to`: "c.yaml:3:13: notifications.routes[0].to[0]"
  bool operator==(const NotificationRoute&) const = default;
};

struct RegistryHost {  // how to reach one registry host, as images name it
  std::string host;    // "docker.io", "registry.example.com:5000"; or a pattern: "*.dkr.ecr.*.amazonaws.com"
  std::string plugin;  // the instance that serves it; empty: see registry_plugin_for
  // "https://registry.internal", "https://harbor.example.com/dockerhub" (its path goes before the repository's); empty:
  // https://<host>.
  std::string endpoint;
  std::vector<std::string> mirrors;      // asked before the endpoint, in order
  std::vector<std::string> token_hosts;  // foreign hosts that may be shown the credentials for a token
  std::string ca_file;
  std::string certificate_file, key_file;  // ours, for registries that want one
  bool insecure = false;                   // skip TLS verification
  std::string username;
  SecretReference password;
  std::string identity;  // "gcp" or "azure", instead of both: who our pod is in the cloud that the host belongs to
  Written plugin_place;  // where `plugin` is written: "c.yaml:3:13: registries.docker.io.plugin"
  bool operator==(const RegistryHost&) const = default;
};

// A notifier as Headwind 0.1.x switched it on: SLACK_ENABLED and slack.enabled, with the URL in the environment.
struct SimpleNotifier {
  bool enabled = false;
  SecretReference url;     // a chat hook's URL is a secret: granted as "url"
  SecretReference secret;  // generic webhook only: granted as "secret", signs the body
};

struct Config {
  // kubernetes:
  std::string kubeconfig;  // empty: in-cluster, then $KUBECONFIG, then ~/.kube/config
  std::string context;
  std::string name_space = "headwind-system";  // ours: inbox, state
  std::string watch_namespace;                 // whose workloads are followed; empty: of all namespaces

  // ports:
  Port webhooks{"0.0.0.0", 8080, {}, {}}, api{"0.0.0.0", 8081, {}, {}}, metrics{"0.0.0.0", 9090, {}, {}};

  AuthMode auth = AuthMode::automatic;

  // webhooks: secrets per endpoint (webhook_endpoints); how each is checked
  struct WebhookSecret {
    enum class Style : std::uint8_t { header, basic, bearer, hmac, hmac_sha1, path, oidc } style = Style::header;
    std::string header = "X-Headwind-Token";  // header: its value is the secret; hmac: the hex HMAC of the body
    SecretReference secret, previous;         // previous: taken, too, while senders change
    // oidc, instead of a secret: whose tokens are taken. Empty issuer and keys URL: Google's.
    std::string audience, service_account, subject, issuer, keys_url;
    Written place;  // where it is written: "c.yaml:3:3: webhooks.dockerhub"
    bool operator==(const WebhookSecret&) const = default;
  };
  std::map<std::string, WebhookSecret> webhook_secrets;
  // Where the images are of a sender whose events name no host, or one that no image names.
  struct WebhookPlace {
    std::string sender;      // the endpoint's name
    std::string repository;  // the sender's own name for a part of itself; empty: all others
    std::string base;        // host, with a port or a path: what stands before the image's name
    bool operator==(const WebhookPlace&) const = default;
  };
  std::vector<WebhookPlace> webhook_places;
  std::map<std::string, std::string> registry_aliases;  // host in an event -> host in images

  // plugins:
  std::vector<std::string> plugin_directories;  // empty: beside the executable, then the installed one
  // Where the crash journal is kept, a directory that outlives the container: an emptyDir. Empty: none is kept.
  std::string plugin_journal_directory = "/var/lib/headwind";
  std::vector<Plugin> plugins;  // beside the default bundle; a name of the bundle replaces its entry
  std::vector<RegistryHost> registries;

  // updates:
  std::chrono::seconds min_update_interval{300};
  std::chrono::seconds request_lifetime{24 * 3600};

  // approvals:
  bool exclude_trigger = false;  // whoever made a request by hand may not approve it

  // polling: tag lists are read for workloads whose event-source is polling or both
  bool polling = false;
  std::chrono::seconds polling_interval{300};
  std::uint32_t polling_shrink_percent = 50;  // a list that lost a larger share at once is not believed

  // helm: charts are looked for at the polling interval, whether or not polling is enabled
  bool chart_discovery = true;
  std::vector<std::string> chart_source_namespaces;  // whose OCIRepositories HelmReleases of others may move

  // sweep: lists are read for workloads that listen to webhooks, for what no webhook announced
  SweepMode sweep = SweepMode::off;
  std::chrono::seconds sweep_interval{6 * 3600};

  // rollouts: how they are followed
  std::chrono::seconds rollout_settle{10};          // so long must one stay complete to count as good
  std::chrono::seconds rollout_check_interval{10};  // between two looks of headwind.sh/health-check-retries
  std::uint32_t max_rollouts = 0;                   // at once; 0: as many as come
  std::uint32_t max_rollouts_per_namespace = 0;

  // notifications:
  std::chrono::seconds keep_trying{24 * 3600};  // to tell a notifier that fails
  // A notifier that none names is told everything; several routes to one: what fits any of them.
  std::vector<NotificationRoute> notification_routes;

  // platforms: that an image must run on, "linux/amd64"; empty: those of the image it replaces
  std::vector<std::string> platforms;

  ReloadMode reload = ReloadMode::watch;

  // telemetry.traces:
  Traces traces;
  std::map<std::string, SecretReference> trace_headers;  // of each export: name -> value

  // links:
  std::string api_url = "http://localhost:8081";
  std::string ui_url;

  // log:
  std::string log_level = "info", log_format = "json";

  // audit: who did what, apart from the log
  AuditTo audit = AuditTo::standard_output;
  std::string audit_file;  // of AuditTo::file

  // Environment and ConfigMap of 0.1.x only; plugin_instances() makes instances of those that are enabled.
  SimpleNotifier slack, teams, webhook;
  std::string slack_username = "Headwind", slack_icon_emoji = ":robot_face:";
  std::chrono::seconds webhook_timeout{10};
  std::uint32_t webhook_max_retries = 3;

  // One sentence each: what was set and has no effect. To be logged at start.
  std::vector<std::string> warnings;
};

// Reads YAML; every mistake is one line "file:line:column: path: sentence", all of them at once.
Result<Config> parse(std::string_view yaml, std::string_view file_name);
// `parse` of the file (an empty name: defaults), then the environment over it. Only now all instances are known, so
// this and `apply_environment` refuse a registry whose `plugin` is none.
Result<Config> load(const std::string& file, const TextMap& environment);
// The environment over `config`: the names of 0.1.x (SLACK_ENABLED, HEADWIND_API_URL, RUST_LOG, ...) and one variable
// for every key of the file. On failure all mistakes are in the sentence and `config` is unchanged.
Result<> apply_environment(Config& config, const TextMap& environment);
// The environment of this process.
TextMap process_environment();
// The value behind a reference; trailing newlines cut. The error names field, file or variable, never the value.
Result<std::string> read_secret(const SecretReference& reference, const TextMap& environment);
// The keys of Headwind 0.1.x's ConfigMap (polling.enabled, slack.enabled, ...) over `config`. Whoever calls it calls
// apply_environment again, which ranks higher. On failure `config` is unchanged.
Result<> apply_config_map(Config& config, const TextMap& data);
// What is loaded when nobody says otherwise: registries, workloads and policies, with the settings that `registries`
// and `registryAliases` imply. Instance names: oci, dockerhub, harbor, ecr, deployment, statefulset, daemonset,
// cronjob, helmrelease, semver, helm.
std::vector<Plugin> default_plugins(const Config& config);
// Whether an instance of that name is of the default bundle, whoever configured it.
bool is_bundled_instance(std::string_view name);
// Every instance to create: the default bundle, the enabled notifiers of 0.1.x (slack, teams, webhook), then `plugins`,
// which replace those of the same name.
std::vector<Plugin> plugin_instances(const Config& config);
// The name of the instance that serves a repository ("ghcr.io/acme/web", or the host alone), and why it is that one:
// helm for charts over HTTP ("https://charts.example.com/stable/podinfo"), else an entry of `registries` that
// names a plugin (an exact host before patterns, longer ones first), else dockerhub for docker.io, ecr for the hosts of
// Amazon ECR, oci for all others.
struct RegistryChoice {
  std::string instance, why;
};
RegistryChoice registry_plugin_for(const Config& config, std::string_view repository);
// The entry that tells how `host` is reached, or null.
const RegistryHost* registry_entry(const Config& config, std::string_view host);
// The keys of the file whose meaning differs, in the order of `headwind config keys`: "ports.api.port", "registries".
std::vector<std::string> changed_keys(const Config& before, const Config& after);
// Those of them that are taken up while Headwind runs; the others need a restart.
bool is_live(std::string_view key);
// `running` with what is_live of `next`, and the notifiers of 0.1.x.
Config with_live_keys(const Config& running, const Config& next);
// The routes of `next`, and those of `running` to instances that `next` has no more: without any, those would be told
// everything while they leave.
std::vector<NotificationRoute> routes_while_some_leave(const Config& running, const Config& next);
// Of the files that are read at the start only (secrets of webhooks, certificates of the ports), by the field that
// names them: changes as stamps_of_files does.
std::map<std::string, std::string> stamps_of_start_files(const Config& config);
// Every file that must be there at the start, and the field that names it.
struct NamedFile {
  std::string field, file;
};
std::vector<NamedFile> named_files(const Config& config);
// Whether who reads it takes what it holds: a pipe, a socket, a terminal. Nothing is opened; what is not there is none.
bool is_read_once(const std::string& file);
// Every secret that is read at the start, each once.
std::vector<SecretReference> named_secrets(const Config& config);
// Any YAML document as JSON text: for kubeconfig files and manifests.
Result<std::string> yaml_to_json(std::string_view yaml);

}  // namespace headwind::config
