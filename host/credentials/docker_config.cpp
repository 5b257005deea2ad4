// SPDX-License-Identifier: Apache-2.0
#include "credentials/docker_config.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::credentials {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_text = 1U << 20, max_entries = 4096, max_field = 64U << 10;
constexpr int max_depth = 8;

Json parse_shallow(std::string_view text) {
  bool too_deep = false;
  Json json = Json::parse(
      text,
      [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > max_depth;
        return !too_deep;
      },
      false);
  if (json.is_discarded() || too_deep) json = nullptr;
  return json;
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Error bad_entry(const std::string& key, std::string_view why) {
  return make_error(Code::invalid, "its entry for " + printable(key, 256) + " " + std::string(why));
}

// An HTTP header, a form field and a log line must be able to hold it.
bool is_plain(const std::string& text) {
  return text.size() <= max_field && text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

Result<Account> account_of(const std::string& key, const Json& value) {
  if (!value.is_object()) return bad_entry(key, "must be an object with username and password, or auth");
  Account account{text_at(value, "username"), text_at(value, "password"), text_at(value, "identitytoken"),
                  text_at(value, "registrytoken")};
  if (const std::string auth = text_at(value, "auth"); !auth.empty()) {
    std::string decoded;
    const std::size_t colon = base64_decode(trim(auth), decoded) ? decoded.find(':') : std::string::npos;
    if (colon == std::string::npos) return bad_entry(key, "must have an auth that is base64 of username:password");
    account.username = decoded.substr(0, colon);
    account.password = decoded.substr(colon + 1);
    // Docker ends what it stores with a NUL now and then.
    while (!account.password.empty() && account.password.back() == '\0') account.password.pop_back();
  }
  if (account.username == "<token>" && account.identity_token.empty()) account.identity_token = account.password;
  for (const std::string* field :
       {&account.username, &account.password, &account.identity_token, &account.registry_token})
    if (!is_plain(*field)) return bad_entry(key, "has a user name, password or token with a line break in it");
  return account;
}

}  // namespace

Format format_of(std::string_view secret_type) {
  return secret_type == "kubernetes.io/dockercfg" ? Format::dockercfg : Format::dockerconfigjson;
}

Result<DockerConfig> parse_docker_config(std::string_view text, Format format) {
  if (text.size() > max_text) return make_error(Code::invalid, "it is longer than 1 MiB");
  const Json root = parse_shallow(text);
  if (!root.is_object()) return make_error(Code::invalid, "it is not a JSON object");
  DockerConfig config;
  const Json* auths = &root;
  if (format == Format::dockerconfigjson) {
    const auto found = root.find("auths");
    if (found == root.end() || found->is_null()) return config;
    if (!found->is_object()) return make_error(Code::invalid, "its auths must be an object");
    auths = &*found;
  }
  if (auths->size() > max_entries) return make_error(Code::invalid, "it has more than 4096 entries");
  for (const auto& [key, value] : auths->items()) {
    Result<Account> account = account_of(key, value);
    if (!account) return account.error();
    config.entries.push_back({key, std::move(*account)});
  }
  return config;
}

}  // namespace headwind::credentials
