// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_job.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <utility>

#include "app/cluster.hpp"
#include "cli/leave.hpp"
#include "net/url.hpp"
#include "telemetry/log.hpp"

namespace headwind::cli {
namespace {

Task<> work_through(boost::asio::io_context& io, const std::function<Task<int>(Executor)>& work, int& code) {
  code = co_await work(io.get_executor());
  io.stop();
}

Error without_cluster(Error error) {
  if (error.message.starts_with("kubeconfig ")) error.message += "; check KUBECONFIG or kubernetes.kubeconfig";
  error.message += "; --docker-config gives credentials without a cluster";
  return error;
}

// "Secret shop/gone: does not exist", of all that were good for nothing.
std::string unusable(const PullAccounts& accounts) {
  std::string text;
  for (const PullAccounts::Look& look : accounts.looks)
    if (!look.usable) text += (text.empty() ? "" : "; ") + look.name + ": " + look.found;
  return text;
}

// What net cannot know when it advises: the key of the configuration.
std::string tls_remedy(const std::string& text, const RegistryWay& way, const std::string& host) {
  constexpr std::string_view begin = "no TLS connection to https://";
  const std::size_t at = text.find(begin);
  if (at == std::string::npos) return {};
  std::string url = text.substr(at + 21, text.find_first_of(' ', at + 21) - at - 21);
  if (url.ends_with(':')) url.pop_back();
  const Result<net::Url> peer = net::parse_url(url);
  if (!peer) return {};
  const bool registry = peer->authority == way.endpoint.authority;
  if (registry && text.find("give an http:// URL", at) != std::string::npos)
    return ": registries." + host + ".endpoint: http://" + peer->authority;
  if (text.find("give its CA", at) == std::string::npos) return {};
  return ", as registries." + (registry ? host : peer->authority) + ".caFile";
}

}  // namespace

bool RegistryJob::asks_cluster() const {
  return !options.name_space.empty() || !options.service_account.empty() || !options.pull_secrets.empty();
}

bool RegistryJob::has_own_credentials() const {
  return way.plugin.plugin == "headwind.registry.ecr" && image.host.find(".dkr") != std::string::npos;
}

Result<RegistryJob> RegistryJob::of(const RegistryOptions& options) {
  RegistryJob job;
  job.options = options;
  job.environment = config::process_environment();
  Result<ImageReference> image = parse_image_reference(options.image);
  if (!image) return image.error();
  job.image = std::move(*image);
  if (job.image.tag.empty() && job.image.digest.empty()) job.image.tag = "latest";
  if (job.asks_cluster() && !options.docker_config.empty())
    return make_error(Code::invalid,
                      "--docker-config stands instead of the cluster's Secrets: leave out either it or --namespace, "
                      "--service-account and --pull-secret");
  Result<config::Config> config = config::load(options.config_file, job.environment);
  if (!config) return config.error();
  if (job.options.platforms.empty()) job.options.platforms = config->platforms;
  Result<RegistryWay> way = registry_way(std::move(*config), job.image.host, job.environment);
  if (!way) return way.error();
  job.way = std::move(*way);
  return job;
}

Task<Result<>> RegistryJob::prepare(Executor executor) {
  Result<PullAccounts> found = PullAccounts{};
  if (!options.docker_config.empty()) {
    found = read_pull_accounts(options.docker_config, image.repository());
  } else if (asks_cluster()) {
    const Result<kube::Access> access = app::find_cluster(executor, way.config, environment);
    if (!access) co_return without_cluster(access.error());
    stage = "reading pull secrets from the cluster " + access->server;
    inventory::Access from{options.name_space.empty() ? access->default_namespace : options.name_space,
                           options.service_account.empty() ? "default" : options.service_account, options.pull_secrets};
    net::ClientOptions client;
    client.user_agent = std::string("headwind/") + HEADWIND_VERSION;
    telemetry::Metrics metrics;  // nobody reads them
    const auto cluster =
        std::make_shared<kube::Client>(*access, std::make_shared<net::Client>(executor, client), metrics);
    found = co_await read_pull_accounts(cluster, std::move(from), image.repository());
  }
  if (!found) co_return found.error();
  accounts = std::move(*found);
  stage = "loading the plugin " + way.plugin.plugin;
  session = std::make_unique<RegistrySession>(executor, way, accounts.accounts);
  // Longer than the whole command may take: the one who waits for it knows more to say.
  const std::chrono::seconds patience(options.timeout_seconds + 60);
  co_return co_await session->open(patience, environment);
}

std::vector<std::string> RegistryJob::names() const {
  std::vector<std::string> texts;
  for (const PullAccount& account : accounts.accounts) texts.push_back(account.text());
  if (texts.empty() && !way.endpoint.account.empty()) texts.push_back("the configured account " + way.endpoint.account);
  return texts;
}

std::string RegistryJob::sentence_of(const Error& error, bool tags) const {
  const std::string& host = image.host;
  std::string text = error.message;
  switch (error.code) {
    case Code::denied:
      if (const std::vector<std::string> tried = names(); !tried.empty()) {
        text += "; tried:";
        for (const std::string& name : tried) text += " " + name + ",";
        text.pop_back();
        if (const std::string rest = unusable(accounts); accounts.accounts.empty() && !rest.empty())
          text += "; not usable: " + rest;
      } else if (has_own_credentials()) {
        return text;
      } else if (accounts.looks.empty()) {
        text += "; nobody's name was used: name the workload's pull secret with --namespace and --pull-secret";
      } else {
        text += "; none of the pull credentials could be used for " + host + ": " + unusable(accounts);
      }
      return text;
    case Code::not_found:
      return text + "; " + (tags ? "check its name" : "see headwind registry tags " + image.repository()) +
             ", and whether the account may see it: many registries call not found what they do not show";
    case Code::throttled:
      if (error.retry_after.count() > 0)
        text += "; ask again in " + std::to_string((error.retry_after.count() + 999) / 1000) + " s";
      return text + "; an account or a mirror (registries." + host + ") raises the limit of many registries";
    case Code::unavailable:
      if (!session->answers().empty() && session->answers().back().status >= 500) text += "; its own log tells more";
      return text + tls_remedy(text, way, host);
    default: return text;
  }
}

std::string RegistryJob::too_late() const {
  return "no answer within " + std::to_string(options.timeout_seconds) + " s while " + stage +
         "; give it more time with --timeout, or check DNS, proxy and firewall on the way there";
}

void run_and_leave(std::function<Task<int>(Executor)> work, std::chrono::seconds patience, std::function<int()> late) {
  std::signal(SIGPIPE, SIG_IGN);
  // What happens is the result; a log line beside it would say it twice.
  if (const Result<> quiet = telemetry::init_log({.json = false, .level = "off"}); !quiet)
    leave(complain(quiet.error().message, failed));
  static boost::asio::io_context io{1};
  int code = failed;
  boost::asio::steady_timer limit(io, patience);
  limit.async_wait([&](const boost::system::error_code& cancelled) {
    if (!cancelled) leave(late());
  });
  spawn(io.get_executor(), "registry", work_through(io, work, code));
  io.run();
  leave(code);
}

}  // namespace headwind::cli
