// SPDX-License-Identifier: Apache-2.0
#include "cli/running_plugins.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/commands.hpp"
#include "cli/plugin_table.hpp"
#include "config/config.hpp"
#include "core/text.hpp"
#include "net/client.hpp"
#include "net/proxy.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* path = "/api/v1/plugins";

bool is_this_machine(std::string_view url) {
  if (url.find('@') != std::string_view::npos) return false;  // what stands before it is no host
  for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
    if (url.starts_with(host) && (url.size() == host.size() || url[host.size()] == ':' || url[host.size()] == '/'))
      return true;
  return false;
}

Result<net::Request> request_for(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    return make_error(Code::invalid, "--api is no http or https URL, such as http://localhost:8081");
  net::Request request;
  const TextMap environment = config::process_environment();
  if (const auto token = environment.find("HEADWIND_TOKEN"); token != environment.end() && !token->second.empty()) {
    if (!url.starts_with("https://") && !is_this_machine(url))
      return make_error(Code::invalid,
                        "the token of HEADWIND_TOKEN is not sent over http to another machine: use https, or kubectl "
                        "port-forward and http://localhost:8081");
    request.headers.push_back({"Authorization", "Bearer " + token->second});
  }
  request.url = std::move(url) + path;
  return request;
}

Task<> fetch(net::Client& client, net::Request request, std::optional<Result<net::Response>>& answer,
             boost::asio::io_context& loop) {
  answer = co_await client.send(std::move(request));
  loop.stop();
}

Result<net::Response> ask(net::Request request) {
  Result<net::Proxies> proxies = net::Proxies::of_environment(config::process_environment());
  if (!proxies) return proxies.error();
  if (is_this_machine(request.url)) *proxies = {};  // none stands between
  boost::asio::io_context loop{1};
  net::ClientOptions options;
  options.proxies = *proxies;
  net::Client client(loop.get_executor(), options);
  std::optional<Result<net::Response>> answer;
  spawn(loop.get_executor(), "plugin list", fetch(client, std::move(request), answer, loop));
  loop.run();
  if (!answer) return make_error(Code::internal, "nothing was asked");
  return std::move(*answer);
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? printable(found->get<std::string>())
                                                                           : std::string();
}

std::string count_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return "0";
  std::uint64_t sum = 0;
  if (found->is_number_unsigned()) sum = found->get<std::uint64_t>();
  if (found->is_object())
    for (const auto& [status, count] : found->items())
      sum += count.is_number_unsigned() ? count.get<std::uint64_t>() : 0;
  return std::to_string(sum);
}

Json list_of(const Json& document, const char* key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_array() ? *found : Json::array();
}

void print_tables(const Json& document) {
  std::vector<plugin::PluginInfo> plugins;
  for (const Json& one : list_of(document, "plugins"))
    plugins.push_back({text_of(one, "file"), text_of(one, "id"), text_of(one, "version"), text_of(one, "kind"),
                       text_of(one, "summary"), text_of(one, "state"), text_of(one, "reason")});
  print_table(rows_of(plugins));
  std::puts("");
  std::vector<Row> instances{{"INSTANCE", "PLUGIN", "STATE", "CALLS", "ERRORS", "REASON"}};
  for (const Json& one : list_of(document, "instances")) {
    if (!one.is_object()) continue;
    std::string reason = text_of(one, "reason");
    if (reason.empty() && one.contains("lastError")) reason = "last error: " + text_of(one["lastError"], "message");
    instances.push_back({text_of(one, "name"), text_of(one, "plugin"), text_of(one, "state"), count_of(one, "calls"),
                         count_of(one, "errors"), std::move(reason)});
  }
  print_table(instances);
}

std::string refusal(unsigned status) {
  std::string message = "the API answered with HTTP status " + std::to_string(status);
  if (status == 401) return message + ": give a token in HEADWIND_TOKEN, such as that of kubectl create token";
  if (status == 403)
    return message +
           ": the token's user needs the verb list on updaterequests.headwind.sh in all namespaces, by a ClusterRole "
           "that is bound to it (of a default installation, headwind-viewer)";
  if (status == 404) return message + ": is --api the address of port 8081 of a Headwind?";
  return message;
}

}  // namespace

int running_plugins_command(const std::string& api_url, bool json) {
  Result<net::Request> request = request_for(api_url);
  if (!request) return complain(request.error().message, wrong_usage);
  const Result<net::Response> answer = ask(std::move(*request));
  if (!answer) return complain(answer.error().message, failed);
  if (answer->status != 200) return complain(refusal(answer->status), failed);
  const Json document = Json::parse(answer->body, nullptr, false);
  if (!document.is_object() || !document.contains("plugins"))
    return complain("the answer of --api is no list of plugins: is it the address of port 8081 of a Headwind?", failed);
  if (json) {
    std::puts(document.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else {
    print_tables(document);
  }
  return done;
}

}  // namespace headwind::cli
