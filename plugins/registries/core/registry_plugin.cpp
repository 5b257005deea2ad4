// SPDX-License-Identifier: Apache-2.0
#include "registries/core/registry_plugin.hpp"

namespace headwind::registries {
namespace {

// The host's services for one call.
class CallTransport : public Transport {
 public:
  CallTransport(const hw::call& call, const hw::http& http, const std::optional<hw::secrets>& secrets)
      : call_(call), http_(http), secrets_(secrets) {}

  Outcome<Response> exchange(const Request& request) override {
    hw::http_request out;
    out.method = request.method;
    out.url = request.url;
    out.headers = request.headers;
    out.max_body = request.max_body;
    try {
      auto response = http_.exchange(call_, out);
      return Response{response.status, std::move(response.headers), std::move(response.body)};
    } catch (const hw::error& error) {
      return failure_of(error);
    }
  }
  Outcome<std::string> secret(const std::string& name) override {
    if (!secrets_) return Failure{HW_DENIED, "no secret is configured for this registry", 0};
    try {
      return secrets_->read(call_, name);
    } catch (const hw::error& error) {
      return failure_of(error);
    }
  }
  std::int64_t unix_ms() override { return call_.host().unix_time().count(); }
  std::int64_t mono_ms() override { return call_.host().steady_time().count(); }

 private:
  static Failure failure_of(const hw::error& error) {
    return {static_cast<hw_status>(error.code()), error.what(), error.retry_after().count()};
  }
  const hw::call& call_;
  const hw::http& http_;
  const std::optional<hw::secrets>& secrets_;
};

Repository parse_name(std::string_view name) {
  auto repository = parse_repository(name);
  if (!repository) throw hw::error(hw::code::invalid, "the repository's name is not valid");
  return *repository;
}

}  // namespace

RegistryPlugin::RegistryPlugin(const hw::call& call, const hw::config& config)
    : client_(value_or_throw(Settings::parse(config.json().dump()))), http_(call) {
  if (client_.settings().has_accounts()) secrets_.emplace(call);
}

void RegistryPlugin::list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
  CallTransport transport(call, http_, secrets_);
  value_or_throw(client_.list_tags(parse_name(repository), transport, [&](const std::vector<std::string>& names) {
    call.check();
    out.put(names);
    return HW_OK;
  }));
}

hw::artifact RegistryPlugin::resolve(const hw::call& call, std::string_view repository, std::string_view tag,
                                     std::string_view platform) {
  if (!platform.empty())
    throw hw::error(hw::code::unsupported, "this registry plugin resolves tags at the top level only");
  CallTransport transport(call, http_, secrets_);
  auto found = value_or_throw(client_.resolve(parse_name(repository), tag, transport));
  return {std::move(found.digest), std::move(found.media_type)};
}

std::vector<hw::push> to_sdk(const std::vector<Push>& pushes) {
  std::vector<hw::push> out;
  for (const auto& push : pushes)
    out.push_back({push.repository, push.tag, push.digest, push.media_type, push.event_id, push.pushed_ms});
  return out;
}

}  // namespace headwind::registries
