// SPDX-License-Identifier: Apache-2.0
#include "registries/core/registry_plugin.hpp"

#include "registries/core/call_transport.hpp"

namespace headwind::registries {
namespace {

Repository parse_name(std::string_view name) {
  auto repository = parse_repository(name);
  if (!repository) throw hw::error(hw::code::invalid, "the repository's name is not valid");
  return *repository;
}

}  // namespace

RegistryPlugin::RegistryPlugin(const hw::call& call, const hw::config& config)
    : client_(value_or_throw(Settings::parse(config.json().dump()))), http_(call), pull_(call) {
  if (client_.settings().has_accounts()) secrets_.emplace(call);
}

void RegistryPlugin::list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
  CallTransport transport(call, http_, pull_, secrets_);
  value_or_throw(client_.list_rows(parse_name(repository), transport, [&](const TagRows& rows) {
    call.check();
    out.put(hw::tag_page{rows.names, rows.digests, {}, rows.pushed_ms});
    return HW_OK;
  }));
}

hw::artifact RegistryPlugin::resolve(const hw::call& call, std::string_view repository, std::string_view tag,
                                     std::string_view platform) {
  CallTransport transport(call, http_, pull_, secrets_);
  auto found = value_or_throw(client_.resolve(parse_name(repository), tag, transport, platform));
  return {std::move(found.digest), std::move(found.media_type)};
}

std::vector<std::string> RegistryPlugin::platforms(const hw::call& call, std::string_view repository,
                                                   std::string_view digest) {
  CallTransport transport(call, http_, pull_, secrets_);
  return value_or_throw(client_.platforms(parse_name(repository), digest, transport));
}

std::vector<hw::push> to_sdk(const std::vector<Push>& pushes) {
  std::vector<hw::push> out;
  for (const auto& push : pushes)
    out.push_back({push.repository, push.tag, push.digest, push.media_type, push.event_id, push.pushed_ms});
  return out;
}

}  // namespace headwind::registries
