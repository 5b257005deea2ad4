// SPDX-License-Identifier: Apache-2.0
// The client, dressed as a plugin: what registries/oci and registries/dockerhub have in common.
#pragma once
#include <headwind/sdk.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/client.hpp"
#include "registries/core/push.hpp"

namespace headwind::registries {

class RegistryPlugin : public hw::registry {
 public:
  RegistryPlugin(const hw::call& call, const hw::config& config);

  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out);
  hw::artifact resolve(const hw::call& call, std::string_view repository, std::string_view tag,
                       std::string_view platform);
  std::vector<std::string> platforms(const hw::call& call, std::string_view repository, std::string_view digest);

 protected:
  ~RegistryPlugin() = default;
  const Settings& settings() const { return client_.settings(); }

 private:
  Client client_;
  hw::http http_;
  hw::pull pull_;
  std::optional<hw::secrets> secrets_;  // only where an account is configured
};

// The value, or the failure thrown as the SDK wants it.
template <class T>
T value_or_throw(Outcome<T> outcome) {
  if (outcome) return std::move(*outcome);
  const Failure& failure = outcome.failure();
  throw hw::error(static_cast<hw::code>(failure.code), failure.message)
      .retry_after(std::chrono::milliseconds(failure.retry_after_ms));
}

std::vector<hw::push> to_sdk(const std::vector<Push>& pushes);

}  // namespace headwind::registries
