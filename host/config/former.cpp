// SPDX-License-Identifier: Apache-2.0
#include "config/former.hpp"

#include <algorithm>
#include <array>

#include "config/report.hpp"
#include "core/text.hpp"

namespace headwind::config {
namespace {

template <SimpleNotifier Config::* Notifier>
Problem set_enabled(Config& config, std::string_view value) {
  return read_bool(value, (config.*Notifier).enabled);
}

// The URL and the signing key stay where they are: the configuration holds the variable's name only.
Problem refer(SecretReference& reference, std::string_view value, const char* variable) {
  const std::string scheme = to_lower(value.substr(0, 8));
  if (!scheme.starts_with("http://") && scheme != "https://") return "must be a URL of http:// or https://";
  reference.environment = variable;
  return {};
}

Problem set_username(Config& config, std::string_view value) {
  config.slack_username = value;
  return {};
}

Problem set_icon(Config& config, std::string_view value) {
  config.slack_icon_emoji = value;
  return {};
}

Problem any_text(Config&, std::string_view) { return {}; }

Problem set_controllers(Config&, std::string_view value) {
  bool enabled = true;
  if (auto problem = read_bool(value, enabled)) return problem;
  if (!enabled)
    return "must not be false: to pause Headwind, scale its Deployment to 0, or write headwind.sh/suspend on workloads";
  return {};
}

Problem set_polling(Config& config, std::string_view value) { return read_bool(value, config.polling); }

Problem set_chart_discovery(Config& config, std::string_view value) { return read_bool(value, config.chart_discovery); }

Problem set_polling_interval(Config& config, std::string_view value) {
  return read_polling_interval(value, config.polling_interval);
}

constexpr std::array<FormerSetting, 18> settings{{
    {"", "polling.enabled", set_polling},  // their variables are those of the keys of the file
    {"", "polling.interval", set_polling_interval},
    {"HEADWIND_CONTROLLERS_ENABLED", "controllers.enabled", set_controllers},
    {"", "helm.autoDiscovery", set_chart_discovery},
    {"HEADWIND_UI_AUTH_MODE", "", any_text},
    {"HEADWIND_UI_PROXY_HEADER", "", any_text},
    {"SLACK_ENABLED", "slack.enabled", set_enabled<&Config::slack>},
    {"SLACK_CHANNEL", "slack.channel", any_text},  // 0.1.x ignored it too: a hook has its channel
    {"SLACK_USERNAME", "slack.username", set_username},
    {"SLACK_ICON_EMOJI", "slack.iconEmoji", set_icon},
    {"TEAMS_ENABLED", "teams.enabled", set_enabled<&Config::teams>},
    {"WEBHOOK_ENABLED", "webhook.enabled", set_enabled<&Config::webhook>},
    {"WEBHOOK_TIMEOUT", "",
     [](Config& config, std::string_view value) -> Problem {
       if (auto problem = read_seconds(value, config.webhook_timeout)) return problem;
       const auto seconds = config.webhook_timeout.count();
       return seconds >= 1 && seconds <= 300 ? Problem() : Problem("must be from 1 to 300 seconds");
     }},
    {"WEBHOOK_MAX_RETRIES", "",
     [](Config& config, std::string_view value) { return read_number(value, 0, 10, config.webhook_max_retries); }},
    {"SLACK_WEBHOOK_URL", "",
     [](Config& config, std::string_view value) { return refer(config.slack.url, value, "SLACK_WEBHOOK_URL"); }},
    {"TEAMS_WEBHOOK_URL", "",
     [](Config& config, std::string_view value) { return refer(config.teams.url, value, "TEAMS_WEBHOOK_URL"); }},
    {"WEBHOOK_URL", "",
     [](Config& config, std::string_view value) { return refer(config.webhook.url, value, "WEBHOOK_URL"); }},
    {"WEBHOOK_SECRET", "",
     [](Config& config, std::string_view) -> Problem {
       config.webhook.secret.environment = "WEBHOOK_SECRET";
       return {};
     }},
}};

}  // namespace

std::span<const FormerSetting> former_settings() { return settings; }

void warn(Config& config, std::string sentence) {
  auto& list = config.warnings;
  if (std::find(list.begin(), list.end(), sentence) == list.end()) list.push_back(std::move(sentence));
}

Result<> apply_config_map(Config& config, const TextMap& data) {
  Config changed = config;
  Report report("ConfigMap");
  for (const auto& [name, untrimmed] : data) {
    // The dashboard's metrics settings had no effect on updates; they come back with the dashboard.
    if (name.starts_with("observability.")) continue;
    const std::string_view value = trim(untrimmed);
    const auto setting = std::find_if(settings.begin(), settings.end(), [&](const auto& known) {
      return !known.map_key.empty() && known.map_key == name;
    });
    if (setting == settings.end()) {
      warn(changed, "the key '" + printable(name, 128) + "' of the ConfigMap is unknown and has no effect");
    } else if (!value.empty()) {
      if (const auto problem = setting->set(changed, value)) report.add(name, *problem);
    }
  }
  if (!report.empty()) return report.error();
  config = std::move(changed);
  return {};
}

}  // namespace headwind::config
