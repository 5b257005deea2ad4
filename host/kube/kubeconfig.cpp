// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/hash.hpp"
#include "kube/credentials.hpp"

namespace headwind::kube {
namespace {

using Json = nlohmann::json;

Error bad(const std::string& sentence) { return make_error(Code::invalid, "kubeconfig: " + sentence); }

std::string text(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

const Json& nothing() {
  static const Json empty = Json::object();
  return empty;
}

// The member `field` of the entry called `name` in the list `list`.
Result<const Json*> named(const Json& config, const char* list, const char* field, const std::string& name) {
  const auto entries = config.find(list);
  if (entries != config.end() && entries->is_array())
    for (const Json& entry : *entries) {
      if (text(entry, "name") != name) continue;
      const auto found = entry.find(field);
      return found != entry.end() && found->is_object() ? &*found : &nothing();
    }
  return bad(std::string(list) + " has no entry \"" + name + "\".");
}

std::string resolve(const std::string& path, const std::string& base) {
  const std::filesystem::path given(path);
  return given.is_absolute() ? path : (std::filesystem::path(base) / given).string();
}

// `key`-data in base64 wins over the file `key`; neither: empty.
Result<std::string> pem(const Json& object, const std::string& key, const std::string& base) {
  if (const std::string data = text(object, (key + "-data").c_str()); !data.empty()) {
    std::string decoded;
    if (!base64_decode(data, decoded)) return bad(key + "-data is not base64.");
    return decoded;
  }
  const std::string path = text(object, key.c_str());
  if (path.empty()) return std::string();
  auto content = read_file(resolve(path, base), "the kubeconfig's " + key);
  if (!content) return content.error();
  return *content;
}

Result<std::shared_ptr<const net::TlsSettings>> tls_of(const Json& cluster, const Json& user, const std::string& base) {
  auto tls = std::make_shared<net::TlsSettings>();
  const auto authority = pem(cluster, "certificate-authority", base);
  if (!authority) return authority.error();
  const auto certificate = pem(user, "client-certificate", base);
  if (!certificate) return certificate.error();
  const auto key = pem(user, "client-key", base);
  if (!key) return key.error();
  if (certificate->empty() != key->empty())
    return bad("client-certificate and client-key need each other; one of them is missing.");
  tls->ca_pem = *authority;
  tls->certificate_pem = *certificate;
  tls->key_pem = *key;
  tls->server_name = text(cluster, "tls-server-name");
  tls->insecure = flag(cluster, "insecure-skip-tls-verify");
  return std::shared_ptr<const net::TlsSettings>(std::move(tls));
}

// spec.cluster of the ExecCredential that the plugin is told.
std::string cluster_info(const Json& cluster, const std::string& authority_pem) {
  Json info{{"server", text(cluster, "server")}};
  if (const std::string name = text(cluster, "tls-server-name"); !name.empty()) info["tls-server-name"] = name;
  if (flag(cluster, "insecure-skip-tls-verify")) info["insecure-skip-tls-verify"] = true;
  if (!authority_pem.empty()) info["certificate-authority-data"] = base64_encode(authority_pem);
  const auto extensions = cluster.find("extensions");
  if (extensions != cluster.end() && extensions->is_array())
    for (const Json& extension : *extensions)
      if (text(extension, "name") == "client.authentication.k8s.io/exec" && extension.contains("extension"))
        info["config"] = extension["extension"];
  return info.dump();
}

Result<ExecPlugin> exec_of(const Json& exec, const Json& cluster, const std::string& authority_pem,
                           const std::string& base) {
  ExecPlugin plugin;
  plugin.api_version = text(exec, "apiVersion");
  if (plugin.api_version != "client.authentication.k8s.io/v1" &&
      plugin.api_version != "client.authentication.k8s.io/v1beta1")
    return bad("exec.apiVersion must be client.authentication.k8s.io/v1 or v1beta1, not \"" + plugin.api_version +
               "\".");
  if (text(exec, "interactiveMode") == "Always")
    return bad("exec.interactiveMode Always cannot work here, nobody sits at a terminal; use IfAvailable.");
  const std::string command = text(exec, "command");
  if (command.empty()) return bad("exec.command is empty; name the credential plugin's program.");
  plugin.command.push_back(command.find('/') == std::string::npos ? command : resolve(command, base));
  const auto arguments = exec.find("args");
  if (arguments != exec.end() && arguments->is_array())
    for (const Json& argument : *arguments) {
      if (!argument.is_string()) return bad("exec.args must be a list of strings.");
      plugin.command.push_back(argument.get<std::string>());
    }
  const auto variables = exec.find("env");
  if (variables != exec.end() && variables->is_array())
    for (const Json& variable : *variables)
      plugin.environment.push_back(text(variable, "name") + "=" + text(variable, "value"));
  plugin.install_hint = text(exec, "installHint");
  if (flag(exec, "provideClusterInfo")) plugin.cluster_json = cluster_info(cluster, authority_pem);
  return plugin;
}

Task<Result<std::string>> answer(std::string header) { co_return header; }

Result<> use_user(Access& access, Executor executor, const Json& user, const Json& cluster, const std::string& base) {
  for (const char* unsupported : {"auth-provider", "as", "as-groups", "as-uid"})
    if (user.contains(unsupported))
      return bad(std::string("users[].user.") + unsupported +
                 " is not supported; use a token, a client certificate or "
                 "an exec plugin.");
  if (const std::string file = text(user, "tokenFile"); !file.empty()) {
    use_token_file(access, resolve(file, base));
  } else if (const std::string token = text(user, "token"); !token.empty()) {
    access.authorization = [header = "Bearer " + token] { return answer(header); };
  } else if (const std::string name = text(user, "username"); !name.empty()) {
    access.authorization = [header = "Basic " + base64_encode(name + ":" + text(user, "password"))] {
      return answer(header);
    };
  } else if (const auto exec = user.find("exec"); exec != user.end() && exec->is_object()) {
    auto plugin = exec_of(*exec, cluster, access.tls->ca_pem, base);
    if (!plugin) return plugin.error();
    use_exec_plugin(access, std::move(executor), std::move(*plugin));
  }
  return {};
}

}  // namespace

Result<Access> access_from_kubeconfig(Executor executor, std::string_view json, const std::string& base,
                                      std::string_view context) {
  const Json config = Json::parse(json, nullptr, false);
  if (!config.is_object()) return bad("it is not a mapping of clusters, users and contexts.");
  const std::string chosen = context.empty() ? text(config, "current-context") : std::string(context);
  if (chosen.empty()) return bad("current-context is empty; set it or name a context.");
  const auto selection = named(config, "contexts", "context", chosen);
  if (!selection) return selection.error();
  const auto cluster = named(config, "clusters", "cluster", text(**selection, "cluster"));
  if (!cluster) return cluster.error();
  const std::string name = text(**selection, "user");
  const auto user = name.empty() ? Result<const Json*>(&nothing()) : named(config, "users", "user", name);
  if (!user) return user.error();
  Access access;
  access.server = text(**cluster, "server");
  while (access.server.ends_with('/')) access.server.pop_back();
  if (!access.server.starts_with("https://") && !access.server.starts_with("http://"))
    return bad("clusters[].cluster.server must begin with https://, not \"" + access.server + "\".");
  if (!text(**cluster, "proxy-url").empty()) return bad("clusters[].cluster.proxy-url is not supported; remove it.");
  const auto tls = tls_of(**cluster, **user, base);
  if (!tls) return tls.error();
  access.tls = *tls;
  if (const std::string name_space = text(**selection, "namespace"); !name_space.empty())
    access.default_namespace = name_space;
  if (auto used = use_user(access, std::move(executor), **user, **cluster, base); !used) return used.error();
  return access;
}

}  // namespace headwind::kube
