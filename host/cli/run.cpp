// SPDX-License-Identifier: Apache-2.0
// headwind run: the operator against a real cluster, until SIGTERM or SIGINT. SIGHUP: see app::Reload.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "app/cluster.hpp"
#include "app/operator.hpp"
#include "cli/audit_stream.hpp"
#include "cli/commands.hpp"
#include "cli/leave.hpp"
#include "cli/plugin_directories.hpp"
#include "config/config.hpp"
#include "telemetry/audit.hpp"
#include "telemetry/log_control.hpp"

namespace headwind::cli {
namespace {

constexpr std::chrono::seconds longest_stop{40};

// SIGHUP, from the first moment on: its default would end us. What comes before everything runs has no effect, as the
// configuration has just been read.
Task<> reload_at_hangups(boost::asio::io_context& io, app::Operator& headwind) {
  boost::asio::signal_set hangups(io, SIGHUP);
  for (;;) {
    co_await hangups.async_wait(boost::asio::use_awaitable);
    telemetry::info("config", "SIGHUP: the configuration is read again");
    telemetry::reopen_audit();
    co_await headwind.reload();
  }
}

// What is kept for later is told before the process ends.
[[noreturn]] void leave_told(int code) {
  telemetry::tell_repeats(true);
  telemetry::end_audit();
  leave(code);
}

Task<> serve(boost::asio::io_context& io, app::Operator& headwind, int& code) {
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  // While it starts there is nothing yet that would have to be brought to an end.
  bool starting = true;
  signals.async_wait([&](const boost::system::error_code& cancelled, int) {
    if (cancelled || !starting) return;
    telemetry::info("app", "stopped while starting");
    io.stop();
  });
  const Result<> started = co_await headwind.start();
  starting = false;
  signals.cancel();
  if (!started) {
    telemetry::error("app", "start failed", {{"error", started.error().message}});
    code = failed;
    io.stop();
    co_return;
  }
  const auto ports = headwind.ports();
  telemetry::info("app", "serving", {{"webhooks", ports.webhooks}, {"api", ports.api}, {"metrics", ports.metrics}});
  co_await signals.async_wait(boost::asio::use_awaitable);
  telemetry::info("app", "stopping");
  // Each step has its own limit; together they must stay below the pod's terminationGracePeriodSeconds (45).
  boost::asio::steady_timer limit(io, longest_stop);
  limit.async_wait([](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    telemetry::error("app", "stopping took too long; what is not done is taken up at the next start");
    leave_told(failed);
  });
  co_await headwind.stop();
  limit.cancel();
  telemetry::info("app", "stopped");
  io.stop();
}

}  // namespace

int run_command(const std::string& config_file) {
  std::signal(SIGPIPE, SIG_IGN);
  const TextMap environment = config::process_environment();
  Result<config::Config> config = config::load(config_file, environment);
  if (!config) return complain(config.error().message, wrong_usage);
  const Result<> logging = telemetry::init_log({config->log_format == "json", config->log_level});
  if (!logging) return complain(logging.error().message, wrong_usage);

  begin_audit(*config);

  static boost::asio::io_context io{1};
  Result<kube::Access> access = app::find_cluster(io.get_executor(), *config, environment);
  if (!access) {
    telemetry::end_audit();
    return complain(access.error().message, failed);
  }
  app::OperatorOptions options;
  options.plugin_directories = plugin_directories(*config);
  options.config = std::move(*config);
  options.access = std::move(*access);
  options.environment = environment;
  options.reread = [config_file, environment] { return config::load(config_file, environment); };
  options.config_file = config_file;
  options.executable = this_executable();
  options.version = std::string("headwind/") + HEADWIND_VERSION;
  static app::Operator headwind(io.get_executor(), std::move(options));
  int code = done;
  spawn(io.get_executor(), "reload", reload_at_hangups(io, headwind));
  spawn(io.get_executor(), "run", serve(io, headwind, code));
  io.run();
  leave_told(code);
}

}  // namespace headwind::cli
