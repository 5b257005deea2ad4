// SPDX-License-Identifier: Apache-2.0
// headwind demo: the real host, plugins and ports, over a fake cluster and registry inside this process.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/audit_stream.hpp"
#include "cli/commands.hpp"
#include "cli/demo_story.hpp"
#include "cli/leave.hpp"
#include "cli/plugin_directories.hpp"
#include "config/config.hpp"
#include "core/text.hpp"
#include "net/server.hpp"
#include "telemetry/audit.hpp"
#include "telemetry/log.hpp"

namespace headwind::cli {
namespace {

// The port, or any free one, with a sentence, where somebody else has it.
Task<Result<std::uint16_t>> free_port(Executor executor, std::uint16_t wanted, const char* what) {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  options.port = wanted;
  const net::Handler nothing = [](net::ServerRequest) -> Task<net::ServerResponse> {
    net::ServerResponse response;
    response.status = 404;
    co_return response;
  };
  Result<std::unique_ptr<net::Server>> tried = net::Server::listen(executor, options, nothing);
  if (!tried) {
    std::printf("Port %u is taken; the %s chooses another.\n", wanted, what);
    options.port = 0;
    tried = net::Server::listen(executor, options, nothing);
  }
  if (!tried) co_return tried.error();
  const std::uint16_t port = (*tried)->port();
  co_await (*tried)->drain(std::chrono::milliseconds(0));
  co_return port;
}

void say_what_to_try(const app::Operator::Ports& ports) {
  std::printf(
      "\nStill serving; Ctrl-C ends it. Try:\n"
      "   curl -s http://127.0.0.1:%u/api/v1/updates\n"
      "   curl -X POST http://127.0.0.1:%u/api/v1/updates/shop/api-api-2-5-1/approve -H 'Content-Type: "
      "application/json' -d '{}'\n"
      "   curl -s http://127.0.0.1:%u/api/v1/rollback/shop/api/history\n"
      "   curl -s http://127.0.0.1:%u/metrics\n",
      ports.api, ports.api, ports.api, ports.metrics);
  std::fflush(stdout);
}

// The environment, with what is on this machine asked directly where it names a proxy.
TextMap environment_of_demo() {
  TextMap environment = config::process_environment();
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    const auto found = environment.find(name);
    if (found == environment.end() || trim(found->second).empty()) continue;
    if (trim(found->second) != "*") found->second += ",127.0.0.1";
    return environment;
  }
  environment["no_proxy"] = "127.0.0.1";
  return environment;
}

Task<Result<>> play(Executor executor, DemoOptions demo, config::Config config) {
  static Result<std::unique_ptr<fake::ApiServer>> cluster = fake::ApiServer::start(executor);
  if (!cluster) co_return cluster.error();
  static Result<std::unique_ptr<fake::Registry>> registry = fake::Registry::start(executor);
  if (!registry) co_return registry.error();
  set_the_stage(**cluster, **registry);

  app::OperatorOptions options;
  options.config = std::move(config);
  if (!demo.config_file.empty()) options.environment = environment_of_demo();
  options.config.auth = config::AuthMode::automatic;  // on loopback: nobody is asked who they are
  config::Port* const wanted[] = {&options.config.webhooks, &options.config.api, &options.config.metrics};
  const char* const names[] = {"webhook port", "API port", "metrics port"};
  const std::optional<std::uint16_t> asked[] = {demo.webhooks, demo.api, demo.metrics};
  for (std::size_t i = 0; i < 3; ++i) {
    wanted[i]->address = "127.0.0.1";
    wanted[i]->certificate_file.clear(), wanted[i]->key_file.clear();
    const Result<std::uint16_t> port = co_await free_port(executor, asked[i].value_or(wanted[i]->port), names[i]);
    if (!port) co_return port.error();
    wanted[i]->port = *port;
  }
  config::RegistryHost hub;
  hub.host = "docker.io";
  hub.endpoint = (*registry)->url();
  options.config.registries = {hub};
  options.access.server = (*cluster)->url();
  options.plugin_directories = plugin_directories(options.config);
  options.executable = this_executable();
  options.config.plugin_journal_directory.clear();
  options.version = std::string("headwind/") + HEADWIND_VERSION;
  static app::Operator headwind(executor, std::move(options));
  const Result<> started = co_await headwind.start();
  if (!started) co_return started.error();

  const auto ports = headwind.ports();
  std::printf(
      "Headwind runs, with %zu plugins, over a cluster and a registry inside this process.\n"
      "Webhooks: http://127.0.0.1:%u   API: http://127.0.0.1:%u   Metrics: http://127.0.0.1:%u/metrics\n",
      headwind.plugins().size(), ports.webhooks, ports.api, ports.metrics);
  net::Client http(executor, {});
  const Result<> told = co_await tell_the_story({**cluster, **registry, headwind, http});
  if (!told) co_return told.error();
  std::puts("\nThat is the main job. README.md tells how to install it in a cluster.");
  if (demo.stay) {
    say_what_to_try(ports);
    boost::asio::signal_set signals(executor, SIGTERM, SIGINT);
    co_await signals.async_wait(boost::asio::use_awaitable);
  }
  co_await headwind.stop();
  http.shut_down();
  co_return Result<>{};
}

Task<> perform(boost::asio::io_context& io, DemoOptions demo, config::Config config, int& code) {
  const Result<> played = co_await play(io.get_executor(), std::move(demo), std::move(config));
  if (!played) code = complain("demo: " + played.error().message, failed);
  io.stop();
}

}  // namespace

int demo_command(const DemoOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  Result<config::Config> config = config::Config();
  if (!options.config_file.empty()) config = config::load(options.config_file, config::process_environment());
  if (!config) return complain(config.error().message, wrong_usage);
  const Result<> logging = telemetry::init_log(
      options.config_file.empty() ? telemetry::LogOptions{false, "warn"}
                                  : telemetry::LogOptions{config->log_format == "json", config->log_level});
  if (!logging) return complain(logging.error().message, failed);
  // On standard output stands the story.
  if (config->audit == config::AuditTo::file) begin_audit(*config);
  const bool person = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  static boost::asio::io_context io{1};
  int code = done;
  DemoOptions demo = options;
  demo.stay = demo.stay || person;
  spawn(io.get_executor(), "demo", perform(io, std::move(demo), std::move(*config), code));
  io.run();
  telemetry::end_audit();
  leave(code);
}

}  // namespace headwind::cli
