// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_session.hpp"

#include <algorithm>
#include <utility>

#include "app/instances.hpp"
#include "cli/plugin_directories.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "net/client.hpp"

namespace headwind::cli {
namespace {

// The bundle's file of "headwind.registry.oci" is headwind-registry-oci.so; where there is none of that name, any file
// may hold the plugin.
std::vector<std::filesystem::path> places_of(const RegistryWay& way) {
  std::vector<std::filesystem::path> directories = plugin_directories(way.config);
  std::string file = way.plugin.plugin + ".so";
  std::replace(file.begin(), file.end() - 3, '.', '-');
  for (const auto& directory : directories) {
    std::error_code failure;
    if (std::filesystem::is_regular_file(directory / file, failure)) return {directory / file};
  }
  return directories;
}

Result<plugin::InstanceConfig> instance_of(const config::Plugin& wanted, std::chrono::milliseconds patience,
                                           const TextMap& environment) {
  plugin::InstanceConfig instance;
  instance.name = wanted.name;
  instance.plugin = wanted.plugin;
  instance.settings = wanted.settings.empty() ? "{}" : wanted.settings;
  instance.deadlines = {{"list_tags", patience}, {"resolve", patience}, {"platforms", patience}};
  for (const auto& [name, reference] : wanted.secrets) {
    const Result<std::string> value = config::read_secret(reference, environment);
    if (!value) return value.error();  // names the field
    instance.secrets[name] = *value;
  }
  return instance;
}

plugin::Credential credential_of(std::size_t number, const credentials::Account& account) {
  return {std::to_string(number), account.username, account.password, account.identity_token, account.registry_token};
}

}  // namespace

RegistrySession::RegistrySession(Executor executor, const RegistryWay& way, std::vector<PullAccount> accounts)
    : executor_(std::move(executor)), way_(way), accounts_(std::move(accounts)) {}

Task<Result<>> RegistrySession::open(std::chrono::milliseconds patience, const TextMap& environment) {
  plugin::HostOptions options;
  options.directories = places_of(way_);
  options.executable = this_executable();
  options.version = std::string("headwind/") + HEADWIND_VERSION;
  options.on_answer = [this](const plugin::RegistryRequest& asked, const Result<net::Response>& answer) {
    if (answer) heard(asked.origin, *answer);
  };
  Result<std::map<std::string, plugin::Peer>> peers = app::registry_peers(way_.config);
  if (!peers) co_return peers.error();
  options.peers = std::move(*peers);
  net::ClientOptions client;
  client.user_agent = options.version;
  client.proxies = way_.proxies;
  host_ = std::make_unique<plugin::Host>(executor_, std::make_shared<net::Client>(executor_, client), metrics_,
                                         std::move(options));
  host_->load();
  Result<plugin::InstanceConfig> instance = instance_of(way_.plugin, patience, environment);
  if (!instance) co_return instance.error();
  const Result<> made = co_await host_->create(std::move(*instance));
  if (!made) {
    for (const plugin::PluginInfo& info : host_->plugins())
      if (info.state != "loaded") co_return make_error(Code::invalid, made.error().message + "; " + info.reason);
    co_return made.error();
  }
  const std::vector<plugin::Registry> registries = host_->registries();
  if (registries.empty())
    co_return make_error(Code::invalid, "plugin instance " + way_.plugin.name + " (" + way_.plugin.plugin +
                                            ") is no registry: see headwind plugin list");
  registry_ = registries.front();
  co_return Result<>{};
}

void RegistrySession::heard(const std::string& origin, const net::Response& answer) {
  const std::int64_t now = system_clock().mono_ms();
  answers_.push_back({question_, printable(origin, 300), answer.status, now - std::exchange(since_ms_, now)});
  const std::string_view type = net::find_header(answer.headers, "Content-Type");
  if (answer.status == 200 && type.starts_with("application/vnd."))
    media_type_ = printable(type.substr(0, type.find_first_of("; ")), 200);
  const auto header = [&](std::string_view name) { return net::find_header(answer.headers, name); };
  if (const auto limit = schedule::rate_limit_of(header, system_clock().unix_ms())) limit_ = limit;
}

// The last of the places that answered: token servers and what a place redirects to are none.
RegistrySession::Success RegistrySession::success(std::size_t first_answer) const {
  Success out{question_, {}, false, {}};
  for (std::size_t i = answers_.size(); i > first_answer; --i) {
    const std::string& origin = answers_[i - 1].origin;
    const bool place = origin == way_.endpoint.authority || way_.mirror_at(origin) != nullptr;
    if (place || out.origin.empty()) out.origin = origin;
    if (place) break;
  }
  out.wanted_name = std::any_of(answers_.begin(), answers_.end(), [&](const Answer& answer) {
    return answer.origin == out.origin && answer.status == 401;
  });
  return out;
}

template <class T>
Task<Result<T>> RegistrySession::ask(std::string question, Question<T> ask_one) {
  question_ = std::move(question);
  std::optional<Error> denied;
  for (std::size_t i = 0; i == 0 || i < accounts_.size(); ++i) {
    std::optional<plugin::Credential> credential;
    if (i < accounts_.size()) credential = credential_of(i, accounts_[i].account);
    since_ms_ = system_clock().mono_ms();
    const std::size_t first_answer = answers_.size();
    Result<T> answer = co_await ask_one(*registry_, std::move(credential));
    const Code code = answer ? Code::internal : answer.error().code;
    const bool refused = !answer && (code == Code::denied || code == Code::not_found);
    if (!refused) {
      if (i < accounts_.size()) {
        std::rotate(accounts_.begin(), accounts_.begin() + static_cast<std::ptrdiff_t>(i), accounts_.end());
      }
      if (answer) {
        successes_.push_back(success(first_answer));
        if (!accounts_.empty()) successes_.back().account = accounts_.front();
      }
      co_return answer;
    }
    // A registry may say "not found" of what it does not show to this one.
    if (code == Code::denied) denied = answer.error();
    if (i + 1 >= accounts_.size()) co_return denied ? *denied : answer.error();
  }
  co_return make_error(Code::internal, "no question was asked");  // there is at least one try
}

Task<Result<std::string>> RegistrySession::digest(std::string repository, std::string tag) {
  Question<std::string> one = [repository, tag](plugin::Registry registry,
                                                std::optional<plugin::Credential> credential) {
    return registry.resolve(repository, tag, std::move(credential));
  };
  return ask<std::string>("digest", std::move(one));
}

Task<Result<std::vector<std::string>>> RegistrySession::platforms(std::string repository, std::string digest) {
  Question<std::vector<std::string>> one = [repository, digest](plugin::Registry registry,
                                                                std::optional<plugin::Credential> credential) {
    return registry.platforms(repository, digest, std::move(credential));
  };
  return ask<std::vector<std::string>>("platforms", std::move(one));
}

Task<Result<plugin::Tags>> RegistrySession::tags(std::string repository) {
  Question<plugin::Tags> one = [repository](plugin::Registry registry, std::optional<plugin::Credential> credential) {
    return registry.list_tags(repository, std::move(credential));
  };
  return ask<plugin::Tags>("tags", std::move(one));
}

}  // namespace headwind::cli
