// SPDX-License-Identifier: Apache-2.0
// Which registry instance reads the body of a webhook.
#include <utility>

#include "app/registries.hpp"
#include "config/webhook_names.hpp"

namespace headwind::app {

// Of several refusals the most useful one: a wrong signature, or that somebody could not be asked just now, is said by
// who would have known the body perhaps.
Task<Result<std::vector<plugin::Push>>> PluginRegistries::read_by_anybody(plugin::Fields headers, std::string body,
                                                                          Error unknown) {
  const std::vector<plugin::Registry> asked = instances_;  // others may come meanwhile
  Error refusal = std::move(unknown);
  for (const plugin::Registry& one : asked) {
    // Those of the bundle know nobody at /webhook whom `oci` does not know.
    if (config::is_bundled_instance(one.name())) continue;
    Result<std::vector<plugin::Push>> parsed = co_await one.parse_webhook(headers, body);
    if (parsed) co_return parsed;
    const Code code = parsed.error().code;
    const bool may_be_its_own = code == Code::denied || code == Code::unavailable || code == Code::throttled;
    if (may_be_its_own && refusal.code == Code::invalid) refusal = parsed.error();
  }
  co_return refusal;
}

Task<Result<std::vector<plugin::Push>>> PluginRegistries::read_webhook(std::string endpoint, plugin::Fields headers,
                                                                       std::string body) {
  const bool known_sender = config::is_webhook_endpoint(endpoint);
  if (const plugin::Registry* own = endpoint == "any" ? nullptr : find(endpoint)) {
    const plugin::Registry instance = *own;  // others may come meanwhile
    Result<std::vector<plugin::Push>> parsed = co_await instance.parse_webhook(headers, body);
    if (parsed || parsed.error().code != Code::unsupported) co_return parsed;
    if (!known_sender)
      co_return make_error(Code::invalid, "the registry instance " + endpoint + " reads no webhooks: " +
                                              "let its sender post to its own path, or to /webhook");
  } else if (!known_sender) {
    co_return make_error(Code::unavailable,
                         "there is no registry instance " + endpoint + " just now; see plugins.instances and the log");
  }
  const plugin::Registry* oci = find("oci");
  if (oci == nullptr) co_return make_error(Code::unsupported, "no registry plugin is loaded for /webhook/" + endpoint);
  const plugin::Registry instance = *oci;
  Result<std::vector<plugin::Push>> parsed = co_await instance.parse_webhook(headers, body);
  if (parsed || endpoint != "any" || parsed.error().code != Code::invalid) co_return parsed;
  co_return co_await read_by_anybody(std::move(headers), std::move(body), parsed.error());
}

Task<Result<std::vector<api::Push>>> PluginRegistries::parse(std::string endpoint, net::Headers headers,
                                                             std::string body) {
  plugin::Fields fields;
  fields.reserve(headers.size());
  for (net::Header& header : headers) fields.emplace_back(std::move(header.name), std::move(header.value));
  Result<std::vector<plugin::Push>> parsed =
      co_await read_webhook(std::move(endpoint), std::move(fields), std::move(body));
  if (!parsed) co_return parsed.error();
  std::vector<api::Push> pushes;
  for (plugin::Push& push : *parsed)
    pushes.push_back({std::move(push.repository), std::move(push.tag), std::move(push.digest),
                      std::move(push.media_type), std::move(push.event_id), push.deleted});
  co_return pushes;
}

}  // namespace headwind::app
