// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>

#include "config/file_stamps.hpp"

namespace headwind::config {
namespace {

std::string stamp_of(const std::string& name) {
  struct stat found{};
  if (::stat(name.c_str(), &found) != 0) return "-";
  std::string stamp;
  for (const std::int64_t part :
       {static_cast<std::int64_t>(found.st_dev), static_cast<std::int64_t>(found.st_ino),
        static_cast<std::int64_t>(found.st_size), static_cast<std::int64_t>(found.st_mtim.tv_sec),
        static_cast<std::int64_t>(found.st_mtim.tv_nsec)})
    stamp += std::to_string(part) + ",";
  return stamp;
}

}  // namespace

bool is_read_once(const std::string& file) {
  struct stat found{};
  return ::stat(file.c_str(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

std::vector<NamedFile> named_files(const Config& config) {
  std::vector<NamedFile> files;
  const auto add = [&files](const std::string& field, const std::string& file) {
    if (!file.empty()) files.push_back({field, file});
  };
  add("kubernetes.kubeconfig", config.kubeconfig);
  for (const auto& [name, port] : {std::pair{"ports.webhooks.", &config.webhooks}, std::pair{"ports.api.", &config.api},
                                   std::pair{"ports.metrics.", &config.metrics}}) {
    add(std::string(name) + "certificateFile", port->certificate_file);
    add(std::string(name) + "keyFile", port->key_file);
  }
  for (const auto& [endpoint, webhook] : config.webhook_secrets) {
    add(webhook.secret.field, webhook.secret.file);
    add(webhook.previous.field, webhook.previous.file);
  }
  for (const RegistryHost& registry : config.registries) {
    const std::string field = "registries." + registry.host + ".";
    add(field + "caFile", registry.ca_file);
    add(field + "certificateFile", registry.certificate_file);
    add(field + "keyFile", registry.key_file);
    add(registry.password.field, registry.password.file);
  }
  add("telemetry.traces.caFile", config.traces.ca_file);
  add("telemetry.traces.certificateFile", config.traces.certificate_file);
  add("telemetry.traces.keyFile", config.traces.key_file);
  for (const auto& [name, secret] : config.trace_headers) add(secret.field, secret.file);
  for (const Plugin& plugin : config.plugins)
    for (const auto& [name, secret] : plugin.secrets) add(secret.field, secret.file);
  return files;
}

std::vector<SecretReference> named_secrets(const Config& config) {
  std::vector<SecretReference> secrets;
  const auto add = [&secrets](const SecretReference& one) {
    if (!one.empty() && std::ranges::find(secrets, one) == secrets.end()) secrets.push_back(one);
  };
  for (const auto& [endpoint, webhook] : config.webhook_secrets) {
    add(webhook.secret);
    add(webhook.previous);
  }
  for (const RegistryHost& registry : config.registries) add(registry.password);
  for (const auto& [name, secret] : config.trace_headers) add(secret);
  for (const Plugin& plugin : plugin_instances(config))
    for (const auto& [name, secret] : plugin.secrets) add(secret);
  return secrets;
}

FileStamps stamps_of_files(const std::string& file, const Config& config) {
  FileStamps stamps;
  if (!file.empty()) stamps[file] = stamp_of(file);
  for (const NamedFile& named : named_files(config))
    stamps[named.field.empty() ? named.file : named.field + " (" + named.file + ")"] = stamp_of(named.file);
  return stamps;
}

std::vector<std::string> changed_files(const FileStamps& before, const FileStamps& after) {
  std::vector<std::string> changed;
  FileStamps all = before;
  all.insert(after.begin(), after.end());
  for (const auto& [name, unused] : all) {
    const auto was = before.find(name), is = after.find(name);
    if (was == before.end() || is == after.end() || was->second != is->second) changed.push_back(name);
  }
  return changed;
}

std::map<std::string, std::string> stamps_of_start_files(const Config& config) {
  std::map<std::string, std::string> stamps;
  for (const NamedFile& named : named_files(config))
    if (named.field.starts_with("webhooks") || named.field.starts_with("ports") || named.field.starts_with("telemetry"))
      stamps[named.field] = stamp_of(named.file);
  return stamps;
}

}  // namespace headwind::config
