// SPDX-License-Identifier: Apache-2.0
// The key `webhooks`: how each sender proves itself, and where the images are of those that name no host.
#include <algorithm>
#include <array>

#include "config/keys.hpp"
#include "config/reader.hpp"
#include "config/structures.hpp"
#include "config/webhook_names.hpp"

namespace headwind::config {
namespace {

using Secret = Config::WebhookSecret;
using Style = Secret::Style;

struct StyleName {
  std::string_view name;
  Style style;
};
constexpr std::array<StyleName, 7> styles{{{"header", Style::header},
                                           {"basic", Style::basic},
                                           {"bearer", Style::bearer},
                                           {"hmac", Style::hmac},
                                           {"hmac-sha1", Style::hmac_sha1},
                                           {"path", Style::path},
                                           {"oidc", Style::oidc}}};

// What each sender can do best. Docker Hub, Quay and Alibaba send neither a header of ours nor a signature.
struct Habit {
  std::string_view endpoint;
  Style style;
  std::string_view header;
};
constexpr std::array<Habit, 10> habits{{{"dockerhub", Style::path, {}},
                                        {"quay", Style::path, {}},
                                        {"aliyun", Style::path, {}},
                                        {"gar", Style::oidc, {}},
                                        {"harbor", Style::header, "Authorization"},
                                        {"gitlab", Style::header, "X-Gitlab-Token"},
                                        {"jfrog", Style::header, "X-JFrog-Event-Auth"},
                                        {"ghcr", Style::hmac, "X-Hub-Signature-256"},
                                        {"gitea", Style::hmac, "X-Hub-Signature-256"},
                                        {"nexus", Style::hmac_sha1, "X-Nexus-Webhook-Signature"}}};

Problem set_style(std::string_view value, Style& out) {
  const auto* found = std::find_if(styles.begin(), styles.end(), [&](const StyleName& s) { return s.name == value; });
  if (found == styles.end()) return one_of(value, {"header", "basic", "bearer", "hmac", "hmac-sha1", "path", "oidc"});
  out = found->style;
  return {};
}

bool is_header_name(std::string_view value) {
  return !value.empty() && value.size() <= 128 && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Problem set_header(std::string_view value, std::string& out) {
  if (!is_header_name(value)) return "must be the name of an HTTP header";
  out = value;
  return {};
}

// Whoever can change the keys on their way can forge any token.
Problem set_keys_url(std::string_view value, std::string& out) {
  if (auto problem = check_http_url(value)) return problem;
  constexpr std::string_view near[] = {"https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"};
  if (std::none_of(std::begin(near), std::end(near), [&](std::string_view start) { return value.starts_with(start); }))
    return "must begin with https://, since these keys are trusted";
  out = value;
  return {};
}

Problem set_base(std::string_view value, std::string& out) {
  const std::string_view host = value.substr(0, value.find('/'));
  const std::string_view path = value.substr(host.size());
  const bool named =
      is_registry_host(host) && (host == "localhost" || host.find_first_of(".:") != std::string_view::npos);
  const bool plain = path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-/") == std::string_view::npos;
  if (!named || !plain || path.ends_with('/') || path.find("//") != std::string_view::npos)
    return "must be a host with a dot or a port, perhaps with a path, such as registry.example.com:8082";
  out = value;
  return {};
}

bool one_of_these(std::string_view endpoint, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), endpoint) != names.end();
}

class WebhookReader {
 public:
  WebhookReader(Config& config, std::string endpoint, const YamlNode& node, const std::string& path, Report& report)
      : config_(config), endpoint_(std::move(endpoint)), node_(node), report_(report), fields_(node, path, report) {
    secret_.place.at = report.place(node, path);
    const std::string_view like = endpoint_ == "forgejo" ? "gitea" : std::string_view(endpoint_);
    for (const Habit& habit : habits) {
      if (habit.endpoint != like) continue;
      secret_.style = habit.style;
      if (!habit.header.empty()) secret_.header = habit.header;
    }
  }

  void read() {
    fields_.text("style", [&](std::string_view value) { return set_style(value, secret_.style); });
    fields_.text("header", [&](std::string_view value) { return set_header(value, secret_.header); });
    fields_.secret("secret", secret_.secret);
    fields_.secret("previousSecret", secret_.previous);
    fields_.text("audience", secret_.audience);
    fields_.text("serviceAccount", secret_.service_account);
    fields_.text("subject", secret_.subject);
    fields_.text("issuer", secret_.issuer);
    fields_.text("keysUrl", [&](std::string_view value) { return set_keys_url(value, secret_.keys_url); });
    const bool placed = read_places();
    fields_.refuse_others();
    const bool has_secret = any_of(
        {"style", "header", "secret", "previousSecret", "audience", "serviceAccount", "subject", "issuer", "keysUrl"});
    if (placed && !has_secret) return;
    if (secret_.style == Style::oidc)
      check_token();
    else
      check_secret();
    config_.webhook_secrets[endpoint_] = std::move(secret_);
  }

 private:
  bool any_of(std::initializer_list<std::string_view> names) const {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return node_.find(name) != nullptr; });
  }

  // Those of whom an event does not tell where the image is. True where the entry says it.
  bool read_places() {
    if (!one_of_these(endpoint_, {"jfrog", "nexus", "zot", "cloudevents", "aliyun"})) return false;
    fields_.text("host", [&](std::string_view value) { return add_place({}, value); });
    if (!one_of_these(endpoint_, {"jfrog", "nexus"})) return any_of({"host"});
    fields_.node("repositories", [&](const YamlNode& value, const std::string& at) {
      MapReader repositories(value, at, report_);
      for (const auto& [key, unused] : value.fields) {
        if (key.text.empty() || key.text.find_first_of(" *") != std::string::npos)
          repositories.mistake(key, at, "a repository's name holds neither a space nor a star");
        repositories.text(key.text, [&, name = key.text](std::string_view base) { return add_place(name, base); });
      }
    });
    return any_of({"host", "repositories"});
  }

  Problem add_place(const std::string& repository, std::string_view base) {
    Config::WebhookPlace place{endpoint_, repository, {}};
    if (auto problem = set_base(base, place.base)) return problem;
    config_.webhook_places.push_back(std::move(place));
    return {};
  }

  void check_token() {
    if (any_of({"secret", "previousSecret", "header"}))
      fields_.mistake(
          "takes no secret and no header with style oidc: set audience and serviceAccount, or another style");
    if (secret_.audience.empty()) fields_.mistake("needs audience, as it is set at the sender");
    if (secret_.service_account.empty() && secret_.subject.empty())
      fields_.mistake("needs serviceAccount, the email address whose tokens are taken, or subject");
    if (!secret_.issuer.empty() && secret_.keys_url.empty())
      fields_.mistake("needs keysUrl, the address of its issuer's key set");
  }

  void check_secret() {
    if (!node_.find("secret"))
      fields_.mistake("needs a secret, such as secret: {file: /etc/headwind-secrets/webhook-secret}");
    if (any_of({"audience", "serviceAccount", "subject", "issuer", "keysUrl"}))
      fields_.mistake("takes audience, serviceAccount, subject, issuer and keysUrl with style oidc only");
    const bool has_header = one_of_these(name_of(secret_.style), {"header", "hmac", "hmac-sha1"});
    if (node_.find("header") && !has_header)
      fields_.mistake("takes a header with style header, hmac or hmac-sha1 only");
  }

  static std::string_view name_of(Style style) {
    return std::find_if(styles.begin(), styles.end(), [&](const StyleName& s) { return s.style == style; })->name;
  }

  Config& config_;
  std::string endpoint_;
  const YamlNode& node_;
  Report& report_;
  MapReader fields_;
  Secret secret_;
};

}  // namespace

void read_webhooks(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.webhook_secrets.clear();
  config.webhook_places.clear();
  MapReader fields(node, path, report);
  for (const std::string_view name : webhook_endpoints) {
    fields.node(name, [&](const YamlNode& value, const std::string& at) {
      WebhookReader(config, std::string(name), value, at, report).read();
    });
  }
  // Others name a registry instance: which there are is known when all has been read.
  fields.each([&](const std::string& name, const YamlNode& value, const std::string& at) {
    if (is_webhook_endpoint(name)) return;
    WebhookReader(config, name, value, at, report).read();
  });
}

void check_webhooks(const Config& config, Report& report) {
  const std::vector<std::string> names = registry_names(config);
  std::vector<std::string_view> known(webhook_endpoints.begin(), webhook_endpoints.end());
  known.insert(known.end(), names.begin(), names.end());
  for (const auto& [name, secret] : config.webhook_secrets)
    if (std::find(known.begin(), known.end(), name) == known.end())
      report.add_at(secret.place.at, "is neither a sender that Headwind knows nor a registry instance" +
                                         did_you_mean(name, known) + "; plugins.instances adds those");
}

}  // namespace headwind::config
