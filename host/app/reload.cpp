// SPDX-License-Identifier: Apache-2.0
#include "app/reload.hpp"

#include <algorithm>
#include <utility>

#include "app/instances.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "telemetry/audit.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

constexpr std::chrono::milliseconds settling{500};  // a file that is being written is not read yet

// One line each, in the configuration; one sentence here.
std::string in_one_line(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) text.replace(at, 1, "; ");
  return text;
}

// Who changed it is known to the API server, or to the file system.
void audit_reload(bool taken, const std::string& what) {
  telemetry::AuditEntry entry;
  entry.action = "reload", entry.via = "operator", entry.kind = "Configuration";
  entry.done = taken, entry.reason = what;
  telemetry::audit(entry, telemetry::AuditFlush::soon);
}

// Changed keys that count only after a restart, and workload kinds, which do not either.
std::vector<std::string> keys_for_a_restart(const config::Config& running, const config::Config& next) {
  std::vector<std::string> keys = config::changed_keys(running, next);
  std::erase_if(keys, [](const std::string& key) { return config::is_live(key); });
  return keys;
}

// Ids of plugins with instances whose files lie in none of the directories.
std::vector<std::string> left_behind(const plugin::Host& host, const std::vector<std::filesystem::path>& directories) {
  std::vector<std::string> left;
  const std::vector<plugin::InstanceInfo> instances = host.instances();
  for (const plugin::PluginInfo& one : host.plugins()) {
    const std::filesystem::path file = one.file;
    const bool used = std::ranges::any_of(instances, [&](const auto& instance) { return instance.plugin == one.id; });
    const bool there = std::ranges::any_of(directories, [&](const std::filesystem::path& at) {
      std::error_code absent;
      return std::filesystem::equivalent(file, at, absent) ||
             std::filesystem::equivalent(file.parent_path(), at, absent);
    });
    if (one.state == "loaded" && used && !there) left.push_back(one.id);
  }
  return left;
}

}  // namespace

Reload::Reload(Parts parts, config::FileStamps seen)
    : parts_(std::move(parts)),
      latest_(parts_.running),
      at_start_(config::stamps_of_start_files(parts_.running)),
      seen_(std::move(seen)),
      known_(seen_) {
  for (const char* result : {"unchanged", "applied", "incomplete", "refused"}) counter(result);  // 0 is a value, too
}

Task<> Reload::run(std::shared_ptr<Reload> self) {
  if (self->closed_) co_return;
  self->again_ = true;
  if (self->running_) co_return;
  self->running_ = true;
  while (std::exchange(self->again_, false)) {
    const config::FileStamps before = self->stamps();
    self->files_ = config::changed_files(self->known_, before);
    Result<config::Config> next = co_await self->parts_.read();
    const bool still = self->stamps() == before;
    if (next) self->latest_ = *next;
    self->known_ = still ? self->stamps() : before;
    self->seen_ = still ? self->known_ : config::FileStamps();  // else it is looked at once more
    if (next) {
      co_await self->take_up(std::move(*next));
    } else {
      if (next.error().retryable) self->seen_.clear();
      self->refuse(next.error().message);
    }
  }
  self->running_ = false;
}

Task<> Reload::stop(std::shared_ptr<Reload> self, std::chrono::milliseconds grace) {
  if (self == nullptr) co_return;
  self->closed_ = true;
  self->again_ = false;
  const std::int64_t end = system_clock().mono_ms() + grace.count();
  while (self->running_ && system_clock().mono_ms() < end) co_await sleep_for(std::chrono::milliseconds(5));
}

void Reload::refuse(const std::string& sentence) {
  const std::string error = in_one_line(sentence);
  telemetry::error("config", "the configuration is refused; the one before stays in force",
                   {{"error", error}, {"files", join(files_)}});
  audit_reload(false, error);
  note_ = "the configuration that was read at " + format_rfc3339(system_clock().unix_ms()) +
          " is refused, the one before stays in force: " + error;
  parts_.complain("the configuration is refused, the one before stays in force: " + error);
  counter("refused").add();
}

Task<> Reload::take_up(config::Config next) {
  Result<std::map<std::string, plugin::Peer>> peers = registry_peers(next);
  if (!peers) {
    refuse(peers.error().message);
    co_return;
  }
  const std::vector<std::string> restart = for_a_restart(next);
  config::Config effective = config::with_live_keys(parts_.running, next);
  if (effective.log_level != parts_.running.log_level || effective.log_format != parts_.running.log_format) {
    const Result<> logging = telemetry::init_log({effective.log_format == "json", effective.log_level});
    if (!logging) {
      refuse(logging.error().message);
      co_return;
    }
  }
  for (const std::string& warning : effective.warnings)
    if (std::ranges::find(parts_.running.warnings, warning) == parts_.running.warnings.end())
      telemetry::warn("config", "setting without effect", {{"warning", warning}});
  std::vector<std::filesystem::path> directories(effective.plugin_directories.begin(),
                                                 effective.plugin_directories.end());
  if (directories.empty()) directories = parts_.plugin_directories;
  const std::vector<std::string> lost = left_behind(parts_.host, directories);
  const std::size_t loaded = co_await parts_.host.load_new(std::move(directories));
  parts_.host.use_peers(std::move(*peers));
  config::Config both = effective;
  both.notification_routes = config::routes_while_some_leave(parts_.running, effective);
  parts_.use_routes(both);
  InstanceChanges changes =
      co_await change_instances(parts_.host, effective, parts_.environment, parts_.notifiers, parts_.refusals);
  // What is served goes on to be served by those that serve it, until the others are there.
  if (changes.missing) effective.registries = parts_.running.registries;
  parts_.use_routes(effective);
  const std::vector<std::string> changed = config::changed_keys(parts_.running, effective);
  // Which of the registry instances serves a host may have changed alone.
  changes.decides = changes.decides || std::ranges::find(changed, "registries") != changed.end();
  parts_.running = std::move(effective);
  parts_.instances_changed(changes);
  tell(restart, changed, changes, loaded);
  if (lost.empty()) co_return;
  const std::string sentence =
      "plugins.directories has no longer the plugins of running instances, which a restart "
      "would miss; name their directory, too: " +
      join(lost);
  telemetry::error("config", "a restart would fail", {{"error", sentence}});
  parts_.complain(sentence);
  add_note(sentence);
}

void Reload::add_note(const std::string& sentence) { note_ += (note_.empty() ? "" : "; ") + sentence; }

std::vector<std::string> Reload::for_a_restart(const config::Config& next) const {
  std::vector<std::string> keys = keys_for_a_restart(parts_.running, next);
  for (const auto& [field, stamp] : config::stamps_of_start_files(parts_.running)) {
    const auto found = at_start_.find(field);
    if (found != at_start_.end() && found->second != stamp) keys.push_back(field);
  }
  return keys;
}

void Reload::tell(const std::vector<std::string>& restart, const std::vector<std::string>& changed,
                  const InstanceChanges& changes, std::size_t loaded) {
  note_.clear();
  for (const std::string& key : restart)
    telemetry::warn("config", "a changed key counts after a restart only", {{"key", key}});
  for (const std::string& name : changes.restart)
    telemetry::warn("config", "a changed workload kind counts after a restart only", {{"instance", name}});
  if (!restart.empty()) add_note("changed, but only a restart takes it up: " + join(restart));
  if (!changes.restart.empty()) add_note("only a restart takes up the workload kinds " + join(changes.restart));
  for (const std::string& sentence : changes.failed) {
    telemetry::error("config", "a plugin instance stays as it was", {{"error", sentence}});
    parts_.complain("a plugin instance stays as it was: " + sentence);
    add_note("a plugin instance stays as it was: " + sentence);
  }
  const bool anything =
      loaded + changed.size() + changes.created.size() + changes.replaced.size() + changes.removed.size() > 0;
  std::vector<std::string> later = restart;
  later.insert(later.end(), changes.restart.begin(), changes.restart.end());
  if (anything || !later.empty() || !changes.failed.empty())
    audit_reload(true, "changed: " + join(changed) + "; instances created: " + join(changes.created) +
                           ", replaced: " + join(changes.replaced) + ", removed: " + join(changes.removed) +
                           "; plugins loaded: " + std::to_string(loaded) + "; for a restart: " + join(later) +
                           "; instances that stay as they were: " + std::to_string(changes.failed.size()));
  telemetry::info("config", "the configuration was read again",
                  {{"files", join(files_)},
                   {"changed", join(changed)},
                   {"created", join(changes.created)},
                   {"replaced", join(changes.replaced)},
                   {"removed", join(changes.removed)},
                   {"plugins_loaded", loaded}});
  counter(!changes.failed.empty() ? "incomplete" : anything ? "applied" : "unchanged").add();
}

telemetry::Counter Reload::counter(const char* result) {
  return parts_.metrics.counter("headwind_config_reloads_total",
                                "Times that the configuration was read again, by what became of it.",
                                {{"result", result}});
}

config::FileStamps Reload::stamps() const { return config::stamps_of_files(parts_.file, latest_); }

Task<> Reload::watch(std::weak_ptr<Reload> weak, std::chrono::milliseconds pause) {
  for (;;) {
    co_await sleep_for(pause);
    std::shared_ptr<Reload> self = weak.lock();
    if (!self) co_return;
    const config::FileStamps now = self->stamps();
    if (now == self->seen_ || self->parts_.running.reload != config::ReloadMode::watch) continue;
    self.reset();
    co_await sleep_for(settling);
    self = weak.lock();
    if (!self) co_return;
    if (self->stamps() != now) continue;  // it is still being written
    telemetry::info("config", "a file of the configuration has changed",
                    {{"files", join(config::changed_files(self->known_, now))}});
    co_await run(self);
  }
}

}  // namespace headwind::app
