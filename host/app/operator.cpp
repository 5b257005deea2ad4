// SPDX-License-Identifier: Apache-2.0
#include "app/operator.hpp"

#include <algorithm>
#include <utility>

#include "api/approval.hpp"
#include "api/intake.hpp"
#include "api/probes.hpp"
#include "app/approval_policy.hpp"
#include "app/cluster.hpp"
#include "app/crashes.hpp"
#include "app/delivery_marks.hpp"
#include "app/engine_options.hpp"
#include "app/events.hpp"
#include "app/heap.hpp"
#include "app/inbox_store.hpp"
#include "app/instances.hpp"
#include "app/kind_watch.hpp"
#include "app/kinds.hpp"
#include "app/log_upkeep.hpp"
#include "app/missing_plugins.hpp"
#include "app/notifiers.hpp"
#include "app/ourselves.hpp"
#include "app/plugin_list.hpp"
#include "app/policies.hpp"
#include "app/poll_marks.hpp"
#include "app/polling.hpp"
#include "app/pull_secrets.hpp"
#include "app/registries.hpp"
#include "app/reload.hpp"
#include "app/requests.hpp"
#include "app/reviews.hpp"
#include "app/rollouts.hpp"
#include "app/sinks.hpp"
#include "app/startup.hpp"
#include "app/trace_export.hpp"
#include "app/webhooks.hpp"
#include "app/workloads.hpp"
#include "core/aside.hpp"
#include "kube/config_map.hpp"
#include "kube/events.hpp"
#include "kube/paths.hpp"
#include "net/client.hpp"
#include "net/server.hpp"
#include "telemetry/log.hpp"
#include "telemetry/process_metrics.hpp"

namespace headwind::app {
namespace {

constexpr std::chrono::milliseconds grace{5000};
constexpr std::chrono::seconds look_at_files{5};

net::ServerOptions server_options(const config::Port& port) {
  net::ServerOptions options;
  options.address = port.address;
  options.port = port.port;
  options.certificate_file = port.certificate_file;
  options.key_file = port.key_file;
  return options;
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

}  // namespace

struct Operator::Impl {
  Impl(Executor e, OperatorOptions o) : executor(e), options(std::move(o)), startup(steps()) {
    seen_at_start = config::stamps_of_files(options.config_file, options.config);
  }

  std::vector<Step> steps() {
    const auto step = [this](const char* name, Task<Result<>> (Impl::*start)(), Task<> (Impl::*stop)()) {
      return Step{name, [this, start] { return (this->*start)(); },
                  stop != nullptr ? std::function<Task<>()>([this, stop] { return (this->*stop)(); })
                                  : std::function<Task<>()>{}};
    };
    return {step("traces", &Impl::begin_traces, &Impl::end_traces),
            step("metrics port", &Impl::open_metrics, &Impl::close_metrics),
            step("plugin files", &Impl::find_plugins, &Impl::leave_plugin_files),
            step("cluster", &Impl::reach_cluster, &Impl::leave_cluster),
            step("plugins", &Impl::load_plugins, &Impl::unload_plugins),
            step("engine", &Impl::make_engine, &Impl::tell_the_rest),
            step("watches", &Impl::watch, &Impl::stop_watching),
            step("polling marks", &Impl::remember_polls, &Impl::note_polls),
            step("delivery marks", &Impl::follow_deliveries, &Impl::note_deliveries),
            step("inbox", &Impl::read_inbox, &Impl::drain_engine),
            step("API port", &Impl::open_api, &Impl::close_api),
            step("webhook port", &Impl::open_webhooks, &Impl::close_webhooks),
            step("configuration", &Impl::follow_configuration, &Impl::keep_configuration)};
  }

  Task<Result<>> open(std::unique_ptr<net::Server>& server, const config::Port& port, net::Handler handler) {
    net::ServerOptions serving = server_options(port);
    if (&server == &api_server) serving.refusal = api::approval_refusal;
    Result<std::unique_ptr<net::Server>> opened = net::Server::listen(executor, std::move(serving), std::move(handler));
    if (!opened) co_return opened.error();
    server = std::move(*opened);
    co_return Result<>{};
  }
  static Task<> close(std::unique_ptr<net::Server>& server) {
    if (server) co_await server->drain(grace);
  }

  Task<Result<>> begin_traces() {
    Result<std::unique_ptr<TraceExport>> begun =
        TraceExport::start(options.config, options.environment, options.version, metrics);
    if (begun) traces = std::move(*begun);
    co_return begun ? Result<>() : Result<>(begun.error());
  }
  Task<> end_traces() {
    if (traces) co_await traces->stop(grace);
  }

  Task<Result<>> open_metrics() {
    metrics.gauge("headwind_build_info", "The build that runs; always 1", {{"version", options.version}}).set(1);
    spawn(executor, "the log", keep_up_the_log(metrics, here));
    telemetry::tell_process(metrics);
    metrics.before_reading([this] {
      if (engine) engine->measure();
    });
    api::ProbeOptions probes;
    probes.live = [this] {
      return std::vector<api::Check>{
          {"plugins", !host || host->healthy(), "more plugin calls never returned than are allowed; see the log"}};
    };
    probes.ready = [this] {
      return std::vector<api::Check>{
          {"engine", engine && engine->ready(), "waits for the first list of workloads and UpdateRequests"},
          {"cluster", true, {}, client ? client->trouble() : std::string()},
          {"plugins", true, {}, host ? missing_plugins_note(*host, refusals) : std::string()},
          {"configuration", true, {}, reloading ? reloading->note() : std::string()}};
    };
    return open(metrics_server, options.config.metrics, api::make_probes(metrics, std::move(probes)));
  }
  Task<> close_metrics() { return close(metrics_server); }

  net::ClientOptions client_options() const {
    net::ClientOptions result;
    result.user_agent = options.version;
    return result;
  }

  // The files are looked at on a thread of their own while the cluster answers.
  Task<Result<>> find_plugins() {
    const Result<net::Proxies> proxies = net::Proxies::of_environment(options.environment);
    if (!proxies) co_return proxies.error();
    net::ClientOptions outside = client_options();
    outside.proxies = *proxies;
    plugin_http = std::make_shared<net::Client>(executor, outside);
    if (const std::string ways = proxies->summary(); !ways.empty())
      telemetry::info("app", "plugins use a proxy", {{"proxies", ways}});
    plugin::HostOptions host_options;
    host_options.executable = options.executable;
    host_options.version = options.version;
    host_options.blocking_per_instance = 128;  // some for each of twenty registry hosts that hang
    host_options.on_answer = [this](const plugin::RegistryRequest& asked, const Result<net::Response>& answer) {
      if (registries) registries->answered(asked, answer);
    };
    host_options.journal = journal = open_journal(options.config);
    host = std::make_unique<plugin::Host>(executor, plugin_http, metrics, std::move(host_options));
    spawn(executor, "the search for plugins", search(host->load_new(options.plugin_directories), searched));
    co_return Result<>{};
  }
  Task<> leave_plugin_files() {
    while (!*searched) co_await sleep_for(std::chrono::milliseconds(1));  // no process ends while a module is opened
    plugin_http->shut_down();
  }
  static Task<> search(Task<std::size_t> files, std::shared_ptr<bool> ended) {
    co_await std::move(files);
    *ended = true;
  }

  Task<Result<>> reach_cluster() {
    // Directly: it is near, and a proxy for the world outside must not hold it up.
    cluster_http = std::make_shared<net::Client>(executor, client_options());
    client = std::make_shared<kube::Client>(options.access, cluster_http, metrics);
    const Result<> merged = co_await read_config_map(options.config);
    if (!merged) co_return merged.error();
    for (const std::string& warning : options.config.warnings)
      telemetry::warn("config", "setting without effect", {{"warning", warning}});
    spawn(executor, "the look at our rights", tell_what_is_missing(client, options.config));
    co_return Result<>{};
  }

  // What Headwind 0.1.x kept in its ConfigMap goes on to count.
  Task<Result<>> read_config_map(config::Config& config) {
    const Result<kube::ConfigMap> stored = co_await read_patiently(client, config.name_space, "headwind-config");
    if (!stored && (stored.error().code == Code::not_found || stored.error().code == Code::denied))
      co_return Result<>{};  // none, or not ours to read
    if (!stored) co_return in_context(stored.error(), "ConfigMap " + config.name_space + "/headwind-config not read");
    const Result<> applied = config::apply_config_map(config, stored->data);
    if (!applied) co_return in_context(applied.error(), "ConfigMap " + config.name_space + "/headwind-config");
    co_return config::apply_environment(config, options.environment);
  }
  Task<> leave_cluster() {
    cluster_http->shut_down();
    co_return;
  }

  Task<Result<>> load_plugins() {
    Result<std::map<std::string, plugin::Peer>> peers = registry_peers(options.config);
    if (!peers) co_return peers.error();
    host->use_peers(std::move(*peers));
    while (!*searched) co_await sleep_for(std::chrono::milliseconds(1));
    for (const plugin::PluginInfo& info : host->plugins())
      if (info.state != "loaded")
        telemetry::error("plugin", "plugin refused", {{"file", info.file}, {"reason", info.reason}});
    co_return co_await create_instances(*host, options.config, options.environment, refusals);
  }
  Task<> unload_plugins() { return host->shut_down(grace); }

  Task<Result<>> make_engine() {
    Result<std::vector<WorkloadKind>> described = co_await describe_kinds(*host);
    if (!described) co_return described.error();
    kinds = std::make_shared<std::vector<WorkloadKind>>(std::move(*described));
    for (WorkloadKind& kind : *kinds) {
      kind.keeps_labels = Routes(options.config.notification_routes).ask_for_labels();
      kind.watch_namespace = options.config.watch_namespace;
    }
    for (WorkloadKind& kind : *kinds)
      kind.not_read = [this](const WorkloadKind& of, const std::string& name_space, const std::string& name,
                             const std::string& uid, const std::string& sentence) {
        events->record({of.api_version.str(), of.kind.str(), name_space, name, uid}, true, "WorkloadNotRead", sentence);
      };
    for (WorkloadKind& kind : *kinds) kind.aside = aside;
    for (const WorkloadKind& kind : *kinds)
      if (kind.related_objects) kind.related_objects->open(options.config.chart_source_namespaces);
    notifiers = std::make_unique<PluginNotifiers>(
        executor, system_clock(), Links{options.config.api_url, options.config.ui_url}, metrics, compat, inventory);
    connect_notifiers(*host, options.config, *notifiers);
    policies = std::make_unique<PluginPolicies>(host->policies());
    pull_secrets = std::make_unique<PullSecrets>(client, system_clock());
    registries = std::make_unique<PluginRegistries>(
        host->registries(),
        [this](std::string_view repository) { return config::registry_plugin_for(options.config, repository); },
        *pull_secrets, metrics, system_clock());
    if (options.config.polling || options.config.chart_discovery || options.config.sweep != config::SweepMode::off) {
      PollingOptions polling_options;
      polling_options.interval = options.config.polling_interval;
      polling_options.shrink_share = options.config.polling_shrink_percent / 100.0;
      polling =
          std::make_unique<RegistryPolling>(executor, *registries, metrics, compat, system_clock(), polling_options);
    }
    rollouts = std::make_unique<ClusterRollouts>(executor, client, kinds);
    workloads = std::make_unique<ClusterWorkloads>(client, kinds, *rollouts);
    requests = std::make_unique<ClusterRequests>(client);
    approval_policy = std::make_unique<ClusterApprovalPolicy>(client);
    events = std::make_unique<kube::EventWriter>(executor, client, metrics);
    recorder = std::make_unique<ClusterEvents>(*events);
    report_crashes(journal.get(), options.config, *host, *events, ourselves(options.config, options.environment));
    report_missing_plugins(*host, refusals, *events, ourselves(options.config, options.environment));
    inbox = co_await choose_inbox();
    for (const WorkloadKind& kind : *kinds) inventory.expect(kind.kind);
    engine = std::make_unique<update::Engine>(
        executor, inventory,
        update::Ports{*policies, *registries, *workloads, *requests, *inbox, *notifiers, *recorder, polling.get(),
                      rollouts.get(), approval_policy.get()},
        metrics, compat, system_clock(), engine_options(options.config, options.confirm_window));
    if (polling) polling->connect(*engine);
    rollouts->connect([this](const auto& workload, const auto& seen) { engine->rollout_seen(workload, seen); });
    co_return Result<>{};
  }
  Task<> tell_the_rest() {
    co_await notifiers->drain(grace);
    co_await events->flush(grace);
  }

  Task<std::unique_ptr<update::InboxStore>> choose_inbox() {
    std::unique_ptr<update::InboxStore> store = std::make_unique<ConfigMapInbox>(client, options.config.name_space);
    if (options.access.in_cluster) co_return store;
    const Result<std::string> found = co_await client->get("/api/v1/namespaces/" + options.config.name_space);
    if (!found && found.error().code == Code::not_found) {
      telemetry::warn("app", "what webhooks announce is kept in memory only: the namespace does not exist",
                      {{"namespace", options.config.name_space}});
      store = std::make_unique<MemoryInbox>();
      durable = false;
    }
    co_return store;
  }

  Task<Result<>> watch() {
    for (std::size_t i = 0; i < kinds->size(); ++i) {
      kind_watches.push_back(std::make_shared<KindWatch>(client, kinds, i, *engine, *rollouts));
      spawn(executor, "watch", KindWatch::run(kind_watches.back()));
    }
    sinks.push_back(std::make_unique<NamespaceSink>(*engine));
    reflectors.push_back(std::make_unique<kube::Reflector>(client, path_of_namespaces(options.config.watch_namespace),
                                                           *sinks.back(), kube::ReflectorOptions{}));
    sinks.push_back(std::make_unique<RequestSink>(*engine, aside));
    kube::ReflectorOptions beside;
    beside.aside = aside;
    beside.drop_managed_fields = true;
    reflectors.push_back(std::make_unique<kube::Reflector>(
        client, kube::collection_path(kube::kUpdateRequests, options.config.watch_namespace), *sinks.back(), beside));
    for (const auto& reflector : reflectors) spawn(executor, "watch", reflector->run());
    spawn(executor, "the heap", settle_when_ready(watching));
    co_return Result<>{};
  }
  Task<> settle_when_ready(std::shared_ptr<const bool> still) {
    while (*still && !engine->ready()) co_await sleep_for(std::chrono::milliseconds(100));
    settle_heap();
  }
  Task<> stop_watching() {
    *watching = false;
    for (const auto& watch : kind_watches) watch->stop();
    for (const auto& reflector : reflectors) reflector->stop();
    rollouts->stop();
    aside->join();
    co_return;
  }

  Task<Result<>> remember_polls() {
    if (!polling || !durable) co_return Result<>{};
    poll_marks = std::make_shared<PollMarks>(client, options.config.name_space, *polling, system_clock());
    co_await PollMarks::load(poll_marks);
    spawn(executor, "polling marks", PollMarks::run(poll_marks));
    co_return Result<>{};
  }
  Task<> note_polls() {
    if (poll_marks) co_await poll_marks->stop();
  }

  Task<Result<>> follow_deliveries() {
    if (!durable) co_return Result<>{};
    std::vector<std::string> configured;
    for (const config::Plugin& one : config::plugin_instances(options.config)) configured.push_back(one.name);
    marks = std::make_shared<DeliveryMarks>(client, options.config.name_space, *notifiers, *engine, system_clock(),
                                            std::move(configured));
    spawn(executor, "delivery marks", DeliveryMarks::run(marks));
    co_return Result<>{};
  }
  Task<> note_deliveries() {
    co_await notifiers->drain(grace);
    if (marks) co_await marks->stop();
  }

  Task<Result<>> read_inbox() { return engine->start(); }
  Task<> drain_engine() {
    if (polling) polling->close();
    return engine->drain();
  }

  Task<Result<>> open_api() {
    const bool outside = !options.access.in_cluster;
    config::AuthMode mode = options.config.auth;
    if (mode == config::AuthMode::automatic)
      mode = outside && is_loopback(options.config.api.address) ? config::AuthMode::none : config::AuthMode::token;
    if (mode == config::AuthMode::none) {
      telemetry::warn("api", "auth.mode is none: whoever reaches the API port may approve and roll back");
      gate = std::make_unique<api::Gate>();
    } else {
      reviews = std::make_unique<ClusterReviews>(client);
      gate = std::make_unique<api::Gate>(*reviews, *reviews, system_clock());
    }
    return open(
        api_server, options.config.api,
        api::make_approval(*engine, *gate, {}, [this] { return plugin_list(*host, refusals); }, notifiers.get()));
  }
  Task<> close_api() { return close(api_server); }

  Task<Result<>> open_webhooks() {
    Result<api::IntakeOptions> intake =
        intake_options(options.config, webhook_instances(*host, refusals), options.environment);
    if (!intake) co_return intake.error();
    api::IntakePorts ports{
        *registries,    [this](std::vector<update::Hint> hints) { return engine->take(std::move(hints)); },
        metrics,        compat.webhook_events_total,
        system_clock(), key_fetcher(plugin_http)};
    co_return co_await open(webhook_server, options.config.webhooks, api::make_intake(std::move(*intake), ports));
  }
  Task<> close_webhooks() { return close(webhook_server); }

  Task<Result<config::Config>> read_configuration() {
    Result<config::Config> next = options.reread();
    if (!next) co_return next;
    const Result<> merged = co_await read_config_map(*next);
    if (!merged) co_return merged.error();
    co_return next;
  }
  Task<Result<>> follow_configuration() {
    if (!options.reread) co_return Result<>{};
    const NotifierListener listener{
        [this](plugin::Notifier notifier, std::string_view plugin) { notifier_came(std::move(notifier), plugin); },
        [this](std::string name) { return notifier_left(std::move(name)); }};
    reloading = std::make_shared<Reload>(
        Reload::Parts{[this] { return read_configuration(); }, options.config_file, options.config, *host, refusals,
                      options.plugin_directories, options.environment, listener,
                      [this](const config::Config& next) { use_routes(next); },
                      [this](const InstanceChanges& changes) {
                        registries->use(host->registries());
                        policies->use(host->policies());
                        for (const auto& name : changes.replaced) notifiers->try_now(name);
                        if (changes.decides) engine->plugins_changed();
                      },
                      [this](const std::string& sentence) {
                        events->record(ourselves(options.config, options.environment), true, "ConfigurationRefused",
                                       sentence);
                      },
                      metrics},
        seen_at_start);
    if (!options.config_file.empty()) spawn(executor, "the configuration", Reload::watch(reloading, look_at_files));
    co_return Result<>{};
  }
  void notifier_came(plugin::Notifier notifier, std::string_view plugin) {
    const std::string name = notifier.name();
    const bool is_new = notifiers->add(std::move(notifier), plugin);
    if (is_new && marks) marks->came(name);
  }
  Task<> notifier_left(std::string name) {
    co_await notifiers->remove(name, grace);
    if (marks) marks->left(name);
  }
  void use_routes(const config::Config& next) {
    const Routes routes(next.notification_routes);
    const bool wanted = routes.ask_for_labels();
    for (std::size_t i = 0; i < kinds->size(); ++i)
      if (std::exchange((*kinds)[i].keeps_labels, wanted) != wanted) kind_watches[i]->list_again();
    notifiers->set_routes(routes);
  }
  Task<> keep_configuration() { co_await Reload::stop(std::exchange(reloading, nullptr), grace); }

  ~Impl() {
    *watching = false;
    aside->join();
  }

  Executor executor;
  OperatorOptions options;
  std::shared_ptr<Aside> aside = std::make_shared<Aside>();
  telemetry::Metrics metrics;
  telemetry::CompatMetrics compat{metrics};
  std::unique_ptr<TraceExport> traces;
  std::shared_ptr<net::Client> cluster_http, plugin_http;
  std::shared_ptr<kube::Client> client;
  std::shared_ptr<plugin::Journal> journal;
  std::unique_ptr<plugin::Host> host;
  std::shared_ptr<const bool> here = std::make_shared<bool>(true);  // held by nobody else
  std::shared_ptr<bool> searched = std::make_shared<bool>(false);   // its files were looked at
  Refusals refusals{metrics};
  Kinds kinds;
  std::vector<std::shared_ptr<KindWatch>> kind_watches;
  inventory::Inventory inventory;
  std::unique_ptr<PluginNotifiers> notifiers;
  std::shared_ptr<DeliveryMarks> marks;
  std::shared_ptr<PollMarks> poll_marks;
  bool durable = true;  // our namespace exists: state can be kept there
  std::unique_ptr<PluginPolicies> policies;
  std::unique_ptr<PullSecrets> pull_secrets;
  std::unique_ptr<PluginRegistries> registries;
  std::unique_ptr<RegistryPolling> polling;
  std::unique_ptr<ClusterWorkloads> workloads;
  std::unique_ptr<ClusterRollouts> rollouts;
  std::unique_ptr<ClusterRequests> requests;
  std::unique_ptr<ClusterApprovalPolicy> approval_policy;
  std::unique_ptr<kube::EventWriter> events;
  std::unique_ptr<ClusterEvents> recorder;
  std::unique_ptr<update::InboxStore> inbox;
  std::unique_ptr<update::Engine> engine;
  std::vector<std::unique_ptr<kube::Sink>> sinks;
  std::shared_ptr<bool> watching = std::make_shared<bool>(true);
  std::vector<std::unique_ptr<kube::Reflector>> reflectors;
  std::unique_ptr<ClusterReviews> reviews;
  std::unique_ptr<api::Gate> gate;
  config::FileStamps seen_at_start;   // of the configuration's files, just after they were read
  std::shared_ptr<Reload> reloading;  // once everything runs
  std::unique_ptr<net::Server> metrics_server, api_server, webhook_server;
  Startup startup;
};

Operator::Operator(Executor executor, OperatorOptions options)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(options))) {
  set_up_heap();
}
Operator::~Operator() = default;

Task<Result<>> Operator::start() { return impl_->startup.start(); }
Task<> Operator::reload() {
  if (impl_->reloading) co_await Reload::run(impl_->reloading);
}
Task<> Operator::stop() { return impl_->startup.stop(); }

Operator::Ports Operator::ports() const {
  const auto port = [](const std::unique_ptr<net::Server>& server) {
    return server ? server->port() : std::uint16_t{0};
  };
  return {port(impl_->webhook_server), port(impl_->api_server), port(impl_->metrics_server)};
}
const update::Engine& Operator::engine() const { return *impl_->engine; }
std::vector<plugin::PluginInfo> Operator::plugins() const {
  return impl_->host ? impl_->host->plugins() : std::vector<plugin::PluginInfo>{};
}

}  // namespace headwind::app
