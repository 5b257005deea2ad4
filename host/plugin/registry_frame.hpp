// SPDX-License-Identifier: Apache-2.0
// What the calls into registry plugins have in common: a repository, and the credential to read it with.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/image_reference.hpp"
#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/instance.hpp"
#include "plugin/types.hpp"

namespace headwind::plugin {

class RegistryFrame : public Frame {
 public:
  RegistryFrame(std::shared_ptr<Instance> instance, Function function, std::string repository = {},
                std::optional<Credential> credential = {})
      : Frame(std::move(instance), function), repository_(std::move(repository)), credential_(std::move(credential)) {
    if (!credential_) return;
    lent_ = {lent_size<hw_credential>(this->instance().runtime().abi_minor),
             0,
             lend(credential_->identity),
             lend(credential_->username),
             lend(credential_->password),
             lend(credential_->identity_token),
             lend(credential_->registry_token)};
  }

  const hw_credential* credential() const override { return credential_ ? &lent_ : nullptr; }
  std::string_view registry_host() const override { return host_of(repository_); }
  std::shared_ptr<const net::TlsSettings> tls() const override { return credential_ ? credential_->tls : nullptr; }

 protected:
  hw_registry_api api() const { return instance().api<hw_registry_api>(); }
  hw_str repository() const { return lend(repository_); }

 private:
  const std::string repository_;
  const std::optional<Credential> credential_;
  hw_credential lent_{};
};

}  // namespace headwind::plugin
